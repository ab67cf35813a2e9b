/** The layer of every dropout relative: which elements share a draw, its record says. */
import type { Noise } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers, type LayerVariable } from '@tensorflow/tfjs-layers'
import type { LayerArgs } from './config.ts'
import { checkNoiseShape, drawFor } from './draw.ts'
import { drop, dropElements } from './drop.ts'
import { fold, sizesOf, spreadOf } from './fold.ts'
import { shaped } from './gradient.ts'
import { checkCount, paramsOfInputs } from './inputs.ts'
import { checkConfig, checkOptionsOf, coreOptions, inLayerTerms, optionDefaults } from './keras.ts'
import type { Kwargs } from './layer.ts'
import { autoName } from './names.ts'
import { TfOps } from './ops.ts'
import { bakesTraining } from './training.ts'
import { firstShape, needSizes, type Shape } from './shape.ts'
import { axesAlong, configureWeights, weightArguments, weightConfig, type Weight } from './weights.ts'

function sharingOf(record: Noise): { own: boolean; bound: boolean } {
  const [axes, kept] = record.mask.split('->').map((side) => side.trim())
  // A forward of its own may call any axis by its name.
  return { own: axes === kept, bound: axes !== kept || record.apply !== undefined }
}

/** Names of all arguments that a record's layer takes, besides those of every layer. */
export function noiseArguments(record: Noise): string[] {
  const { own, bound } = sharingOf(record)
  const sharing = [...(own ? ['noiseShape'] : []), ...(bound ? ['axis'] : [])]
  return [...Object.keys(optionDefaults(record)), 'seed', 'step', ...sharing, ...weightArguments(record)]
}

/**
 * x of rank 1 to 6 -> y of x's shape. In training each draw is core's `draw` of seed and step, bit for bit, and step goes
 * up by one; at inference dropout is the identity. `step` is part of the config: a model that is saved and loaded goes
 * on where it stood.
 */
export class NoiseLayer extends layers.Layer {
  readonly record: Noise
  readonly options: Readonly<Record<string, number | string>>
  readonly noiseShape: readonly (number | null)[] | undefined
  /** Undefined where it makes no difference. */
  readonly axis: number | readonly number[] | undefined
  /** Null when none was given; the one in use is then random. */
  readonly seed: number | null
  /** Training calls so far. */
  step: number
  readonly #seedInUse: number
  /** `training: true` of a symbolic call, which tfjs records and forgets. */
  #trains = false
  /** Elements share draws, as the record's pattern says. */
  readonly #shares: boolean
  readonly #weights: readonly Weight[]
  readonly #variables = new Map<string, LayerVariable>()

  constructor(record: Noise, layerName: string, config: object = {}) {
    const defaults = optionDefaults(record)
    const { own, bound } = sharingOf(record)
    const given = checkConfig(layerName, config, noiseArguments(record))
    super(given as LayerArgs)
    if (given.name === undefined) this.name = autoName(this.name, this.getClassName())
    this.supportsMasking = true
    this.record = record
    this.options = Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, (given[name] as number | string) ?? value]),
    )
    checkOptionsOf(record, this.options)
    this.noiseShape = given.noiseShape === undefined ? undefined : checkNoiseShape(given.noiseShape)
    const axis = Array.isArray(given.axis) ? [...given.axis] : ((given.axis as number) ?? -1)
    this.axis = bound ? axis : undefined
    this.#shares = !own
    this.seed = (given.seed as number) ?? null
    this.#seedInUse = this.seed ?? Math.floor(Math.random() * 2 ** 32)
    this.step = (given.step as number) ?? 0
    this.#weights = configureWeights(record, given)
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = firstShape(inputShape)
    checkCount(this.record, Array.isArray(inputShape[0]) ? inputShape.length : 1)
    const known = shape.map((size) => size ?? 1)
    const options = this.#coreOptions()
    const plan = inLayerTerms(() => this.record.plan(known, options))
    for (const { used, key, name, along, initializer, regularizer, constraint } of this.#weights) {
      if (!used) continue
      needSizes(shape, axesAlong(plan, along, options), `keeps ${name}`)
      const size = this.record.paramShape(key, known, options)
      const variable = this.addWeight(name, size, 'float32', initializer, regularizer, true, constraint)
      this.#variables.set(key, variable)
    }
    this.built = true
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return firstShape(inputShape)
  }

  override apply(...[inputs, kwargs]: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    if (bakesTraining(inputs, kwargs)) this.#trains = true
    return super.apply(inputs, kwargs)
  }

  /** @param kwargs.training true draws. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs)
      const [x, ...others] = Array.isArray(inputs) ? inputs : [inputs]
      checkCount(this.record, 1 + others.length)
      const { apply, infer } = this.record
      const training = Boolean(kwargs.training) || this.#trains
      const changes = training ? apply || this.options.rate !== 0 : infer
      if (!changes || x.size === 0) return x
      const options = this.#coreOptions()
      const dims = fold(this.record.plan(x.shape, options), null)
      const floats = x.dtype === 'float32' ? x : tf.cast(x, 'float32')
      const rate = this.options.rate as number
      const lay = (t: tf.Tensor, along: string) => shaped(t, spreadOf(dims, along))
      const params = paramsOfInputs(this.record, others, x.shape, options, lay)
      for (const { key, along } of this.#weights) {
        const variable = this.#variables.get(key)
        if (variable) params[key] = lay(variable.read(), along)
      }
      if (!apply && training && dims.every(({ kept }) => kept) && !this.noiseShape) {
        const y = dropElements(floats, { rate, seed: this.#seedInUse, step: this.step })
        if (y) {
          this.step++
          return y
        }
      }
      const flat = shaped(floats, sizesOf(dims))
      const t = new TfOps(dims)
      if (!training) return shaped(infer!(t, flat, params, options), x.shape)
      const draw = drawFor(this.record, x.shape, dims, this.noiseShape, options)
      this.step++
      const laid = this.noiseShape ? shaped(draw, sizesOf(dims)) : draw
      if (!apply) return shaped(drop(flat, laid, rate), x.shape)
      return shaped(apply(t, flat, laid, params, options), x.shape)
    })
  }

  /** Under core's names. */
  #coreOptions(): Record<string, unknown> {
    const axis = this.axis === undefined ? {} : { axis: this.axis }
    return { ...coreOptions(this.options), seed: this.#seedInUse, step: this.step, ...axis }
  }

  override getConfig() {
    return {
      ...super.getConfig(),
      ...this.options,
      ...(this.#shares ? {} : { noiseShape: this.noiseShape ? [...this.noiseShape] : null }),
      ...(this.axis === undefined
        ? {}
        : { axis: Array.isArray(this.axis) ? [...this.axis] : (this.axis as number) }),
      seed: this.seed,
      step: this.step,
      ...weightConfig(this.#weights),
    }
  }
}
