/** The layer of every normalization: which one it is, its record says. */
import type { AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { InputSpec, layers, type LayerVariable } from '@tensorflow/tfjs-layers'
import type { LayerArgs } from './config.ts'
import { shaped } from './gradient.ts'
import { sizesOf, spreadOf, type Folded } from './fold.ts'
import { gather, type Gathered } from './gather.ts'
import { checkCount, paramsOfInputs } from './inputs.ts'
import { checkConfig, checkOptionsOf, inLayerTerms } from './keras.ts'
import { Layout, type Laid } from './layout.ts'
import { weightsFor } from './mask.ts'
import { argumentsOf, defaultsOf, modeOf } from './modes.ts'
import { autoName } from './names.ts'
import type { CellStatistics } from './kernels/composition.ts'
import { applyStatistics, normalize } from './normalize.ts'
import { bakesTraining } from './training.ts'
import { TfOps } from './ops.ts'
import { choosesTracking, nextMoving, tracks } from './running.ts'
import { firstShape, needSizes, type Shape } from './shape.ts'
import { synchronized, type AllReduce } from './synchronized.ts'
import { axesAlong, configureWeights, weightConfig, type Weight } from './weights.ts'

export type Kwargs = Parameters<layers.Layer['call']>[1]
type Values = Record<string, tf.Tensor>

/**
 * x of rank 1 to 6 and any layout -> y of x's shape. Weights: gamma, beta (and what else the record has), kept along
 * the axes that the record says; moving_mean and moving_variance where it keeps running statistics.
 */
export class NormLayer extends layers.Layer {
  readonly record: AnyNorm
  readonly axis: number | readonly number[]
  /** Under their names in the config. */
  readonly options: Readonly<Record<string, number | string>>
  /** Keeps moving statistics, and uses them at inference. */
  readonly tracks: boolean
  /** Sums over the workers that train together. A function is not saved: set it again after loading. */
  allReduce: AllReduce | undefined
  readonly #weights: readonly Weight[]
  readonly #variables = new Map<string, LayerVariable>()
  readonly #layout: Layout
  readonly #modeConfig: Readonly<Record<string, unknown>>
  /** `training: true` of a symbolic call, which tfjs records and forgets. */
  #trains = false
  /** In a call of the layer itself, not of a model or a wrapper around it. */
  #alone = false

  constructor(original: AnyNorm, layerName: string, config: object = {}) {
    const mode = modeOf(original, config)
    const { record } = mode
    const defaults = defaultsOf(mode)
    const given = checkConfig(layerName, config, argumentsOf(original, mode))
    super(given as LayerArgs)
    if (given.name === undefined) this.name = autoName(this.name, this.getClassName())
    this.supportsMasking = true
    this.record = record
    this.axis = Array.isArray(given.axis) ? [...given.axis] : ((given.axis as number) ?? -1)
    this.options = Object.fromEntries(
      Object.entries(defaults).map(([name, value]) => [name, (given[name] as number | string) ?? value]),
    )
    checkOptionsOf(record, this.options)
    this.#layout = new Layout(record, this.axis, { ...this.options, ...mode.hidden })
    this.allReduce = given.allReduce as AllReduce | undefined
    const isShared = given.synchronized === true || this.allReduce !== undefined
    this.#modeConfig = { ...mode.config, ...(isShared ? { synchronized: true } : {}) }
    this.tracks = tracks(record, given.trackRunningStats as boolean | undefined)
    this.#weights = configureWeights(record, given)
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = firstShape(inputShape)
    checkCount(this.record, Array.isArray(inputShape[0]) ? inputShape.length : 1)
    const known = this.#layout.known(shape)
    const features = this.#layout.features(shape.length)
    if (this.#layout.splits) needSizes(shape, features, 'is divided into groups')
    const { plan } = inLayerTerms(() => this.#layout.over(known))
    const options = this.#layout.coreOptions(known)
    for (const weight of this.#weights) {
      if (!weight.used || (weight.moving && !this.tracks)) continue
      needSizes(shape, axesAlong(plan, weight.along, options), `keeps ${weight.name}`)
      const size = weight.moving
        ? (this.record.initState(known, options) as unknown as Record<string, { shape: number[] }>)[
            weight.key
          ].shape
        : this.record.paramShape(weight.key, known, options)
      const { name, initializer, regularizer, constraint, moving } = weight
      const variable = this.addWeight(
        name,
        [...size],
        'float32',
        initializer,
        regularizer,
        !moving,
        constraint,
      )
      this.#variables.set(weight.key, variable)
    }
    if (!Array.isArray(inputShape[0])) {
      const axes = Object.fromEntries(
        shape.flatMap((size, i) => (features.includes(i) && size !== null ? [[i, size]] : [])),
      )
      this.inputSpec = [new InputSpec({ ndim: shape.length, axes })]
    }
    this.built = true
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return firstShape(inputShape)
  }

  override apply(...[inputs, kwargs]: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    if (bakesTraining(inputs, kwargs)) this.#trains = true
    this.#alone = this.inboundNodes.length === 0
    try {
      return super.apply(inputs, kwargs)
    } finally {
      this.#alone = false
    }
  }

  /**
   * @param kwargs.training true takes the batch's statistics, where the layer keeps moving ones, and updates these;
   * a layer with `trainable: false` does neither.
   * @param kwargs.mask of x's shape without its last axis: 0 leaves an element out of the statistics, where the record
   * has weights.
   */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs)
      const [x, ...others] = Array.isArray(inputs) ? inputs : [inputs]
      checkCount(this.record, 1 + others.length)
      if (x.size === 0) return x
      const training = (Boolean(kwargs.training) || this.#trains) && this.trainable
      const laid = this.#layout.over(x.shape, this.tracks && !training && !this.record.apply)
      const { dims } = laid
      // The kernels take everything in its own shape.
      const { apply } = this.record
      const gathered = gather(dims)
      const { turn } = gathered
      const lay = (t: tf.Tensor, along: string) => (apply ? turn(shaped(t, spreadOf(dims, along))) : t)
      const params = paramsOfInputs(this.record, others, x.shape, this.#layout.coreOptions(x.shape), lay)
      const state: Values = {}
      for (const { key, moving, along } of this.#weights) {
        const variable = this.#variables.get(key)
        if (variable) (moving ? state : params)[key] = lay(variable.read(), along)
      }
      const floats = x.dtype === 'float32' ? x : tf.cast(x, 'float32')
      if (!apply)
        return this.#standardize(floats, laid, params, state, training, this.#weighted(x, kwargs, dims))
      const flat = turn(shaped(floats, sizesOf(dims)))
      return shaped(this.#applyOwn(flat, x.shape, gathered, params, state, training), x.shape)
    })
  }

  #standardize(
    x: tf.Tensor,
    { plan, dims }: Laid,
    params: Values,
    state: Values,
    training: boolean,
    weights: tf.Tensor | undefined,
  ): tf.Tensor {
    const { record } = this
    const problem = {
      record,
      dims,
      keep: plan.pattern.keep.join(' '),
      epsilon: (this.options.epsilon as number) ?? 0,
    }
    const moments = { mean: state.mean, variance: state.variance }
    if (this.tracks && !training) return applyStatistics(x, params, moments, problem)
    const observe = (cells: CellStatistics): void => {
      const shape = spreadOf(dims, record.running!)
      const next = nextMoving(
        { mean: shaped(moments.mean, shape), variance: shaped(moments.variance, shape) },
        cells,
        shape,
        this.options.momentum as number,
        this.options.variance as 'biased' | 'unbiased',
      )
      this.#write(next)
    }
    if (this.allReduce) return synchronized(this.allReduce, x, params, problem, weights, observe)
    return normalize(x, params, problem, weights, this.tracks ? observe : undefined)
  }

  #applyOwn(
    x: tf.Tensor,
    shape: number[],
    { dims, back }: Gathered,
    params: Values,
    state: Values,
    training: boolean,
  ): tf.Tensor {
    const options = { ...this.#layout.coreOptions(shape), training }
    const { y, state: next } = this.record.apply!(new TfOps(dims), x, params, state, options)
    if (next && training)
      this.#write(Object.fromEntries(Object.entries(next).map(([key, value]) => [key, back(value)])))
    return back(y)
  }

  #write(state: Readonly<Values>): void {
    for (const [key, value] of Object.entries(state)) {
      const variable = this.#variables.get(key)
      variable?.write(shaped(value, variable.shape as number[]))
    }
  }

  #weighted(x: tf.Tensor, kwargs: Kwargs, dims: Folded): tf.Tensor | undefined {
    if (!this.record.weights) return undefined
    const weights = weightsFor(this, kwargs.mask, x, this.#alone)
    return weights && shaped(weights, sizesOf(dims))
  }

  override getConfig() {
    return {
      ...super.getConfig(),
      axis: Array.isArray(this.axis) ? [...this.axis] : (this.axis as number),
      ...this.options,
      ...(choosesTracking(this.record) ? { trackRunningStats: this.tracks } : {}),
      ...this.#modeConfig,
      ...weightConfig(this.#weights),
    }
  }
}
