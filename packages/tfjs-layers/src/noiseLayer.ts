/** The layer of every dropout relative: which elements share a draw, its record says. */
import type { Noise } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import type { LayerArgs } from './config.ts'
import { NormlabError, show } from './errors.ts'
import { withGradient } from './gradient.ts'
import { autoName } from './names.ts'
import { checkConfig, coreOptions, optionDefaults } from './keras.ts'
import type { Kwargs, Shape } from './layer.ts'

/**
 * x of rank 1 to 6 -> y of x's shape. In training each mask is core's `draw` of seed and step, bit for bit, and step goes
 * up by one; at inference y is x. `step` is part of the config: a model that is saved and loaded goes on where it stood.
 */
export class NoiseLayer extends layers.Layer {
  readonly record: Noise
  readonly options: Readonly<Record<string, number | string>>
  readonly noiseShape: readonly (number | null)[] | undefined
  readonly axis: number | readonly number[] | undefined
  /** Null when none was given; the one in use is then random. */
  readonly seed: number | null
  /** Training calls so far. */
  step: number
  readonly #seedInUse: number

  constructor(record: Noise, layerName: string, config: object = {}) {
    const defaults = optionDefaults(record)
    const [axes, kept] = record.mask.split('->').map((side) => side.trim())
    const keepsAll = axes === kept
    const own = keepsAll ? 'noiseShape' : 'axis'
    const given = checkConfig(layerName, config, [...Object.keys(defaults), 'seed', 'step', own])
    super(given as LayerArgs)
    if (given.name === undefined) this.name = autoName(this.name, this.getClassName())
    this.supportsMasking = true
    this.record = record
    this.options = Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, (given[name] as number | string) ?? value]),
    )
    this.noiseShape = given.noiseShape === undefined ? undefined : checkNoiseShape(given.noiseShape)
    this.axis = keepsAll
      ? undefined
      : Array.isArray(given.axis)
        ? [...given.axis]
        : ((given.axis as number) ?? -1)
    this.seed = (given.seed as number) ?? null
    this.#seedInUse = this.seed ?? Math.floor(Math.random() * 2 ** 32)
    this.step = (given.step as number) ?? 0
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs)
      const x = Array.isArray(inputs) ? inputs[0] : inputs
      const rate = this.options.rate as number
      if (!kwargs.training || rate === 0 || x.size === 0) return x
      const mask = this.#draw(x.shape)
      this.step++
      const scale = rate < 1 ? 1 / (1 - rate) : 0
      // Not a product with the mask: a dropped NaN or infinite value is 0.
      const drop = (t: tf.Tensor, keep: tf.Tensor) => tf.where(keep, tf.mul(t, scale), tf.zerosLike(t))
      return withGradient([x.dtype === 'float32' ? x : tf.cast(x, 'float32')], ([value], save) => {
        save([mask])
        return { value: drop(value, mask), pull: (dy, [keep]) => [drop(dy, keep)] }
      })
    })
  }

  /** True keeps. Of x's shape. */
  #draw(shape: number[]): tf.Tensor {
    const drawn = this.noiseShape ? this.#resolve(shape) : shape
    const options = {
      ...coreOptions(this.options),
      seed: this.#seedInUse,
      step: this.step,
      ...(this.axis === undefined ? {} : { axis: this.axis }),
    }
    const bits = Uint8Array.from(this.record.draw(drawn, options as object))
    const kept = this.record.mask.split('->')[1].split(/\s+/).filter(Boolean)
    const plan = this.record.plan(drawn, options as object)
    const sizes = plan.dims.map(({ name, axis, size }) =>
      kept.includes(name) || kept.includes(axis) ? size : 1,
    )
    const mask = tf.tensor(bits, plan.dims.length ? sizes : [], 'bool')
    const full = tf.reshape(
      bits.length === plan.size
        ? mask
        : tf.broadcastTo(
            mask,
            plan.dims.map(({ size }) => size),
          ),
      drawn,
    )
    return String(drawn) === String(shape) ? full : tf.broadcastTo(full, shape)
  }

  #resolve(shape: readonly number[]): number[] {
    const resolved = this.noiseShape!.map((size, i) => size ?? shape[i])
    if (resolved.length !== shape.length || resolved.some((size, i) => size !== 1 && size !== shape[i]))
      throw new NormlabError(
        'noiseShape',
        `${show(this.noiseShape)} does not fit x's shape ${show(shape)}`,
        `Give ${shape.length} sizes: null or x's own, and 1 where elements share the mask`,
      )
    return resolved
  }

  override getConfig() {
    return {
      ...super.getConfig(),
      ...this.options,
      ...(this.axis === undefined
        ? { noiseShape: this.noiseShape ? [...this.noiseShape] : null }
        : { axis: Array.isArray(this.axis) ? [...this.axis] : (this.axis as number) }),
      seed: this.seed,
      step: this.step,
    }
  }
}

function checkNoiseShape(given: unknown): (number | null)[] {
  if (!Array.isArray(given) || !given.every((size) => size === null || (Number.isInteger(size) && size > 0)))
    throw new NormlabError('noiseShape', show(given), "Give a list of sizes, with null for x's own")
  return [...given]
}
