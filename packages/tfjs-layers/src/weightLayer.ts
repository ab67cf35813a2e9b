/** Wraps a layer and transforms its kernels before each use: the layer of every record over weights. */
import type { AnyNorm, Noise } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { layers, LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'
import { common } from './keras.ts'
import { kernelsOf, type Kernel } from './kernelsOf.ts'
import { NormLayer, type Kwargs } from './layer.ts'
import { argumentsOf } from './modes.ts'
import { noiseArguments, NoiseLayer } from './noiseLayer.ts'
import type { Shape } from './shape.ts'
import { Wrapper } from './wrapper.ts'

type Config = Record<string, unknown>
type Transform = NormLayer | NoiseLayer

/** Power iteration and its like begin at random: so many steps bring the state near what it is to be. */
const WARM_UP = 15

/**
 * Output and shapes are the wrapped layer's. The kernels stay its weights; parameters and state of the transform are
 * weights of the wrapper, named after the kernel.
 */
export class WeightLayer extends Wrapper {
  readonly record: AnyNorm | Noise
  /** Names of the kernels that are transformed, as given. */
  readonly kernels: readonly string[] | undefined
  readonly #layerName: string
  readonly #settings: Config
  #transforms: { readonly kernel: Kernel; readonly transform: Transform }[] = []

  constructor(record: AnyNorm | Noise, layerName: string, config: object = {}) {
    const { layer, kernels, customObjects: _, ...given } = config as Config
    const known = record.kind === 'noise' ? [...noiseArguments(record), 'axis'] : argumentsOf(record)
    const own = Object.entries(given).filter(([, value]) => value !== undefined && value !== null)
    const unknown = own.find(([name]) => !known.includes(name) && !common.includes(name))
    if (unknown)
      throw new NormlabError(
        unknown[0],
        `${layerName} has no such argument`,
        `It has ${['layer', 'kernels', ...new Set(known)].join(', ')}`,
      )
    super(Object.fromEntries(own.filter(([name]) => !known.includes(name))), layer)
    this.record = record
    if (kernels !== undefined && kernels !== null && !isNames(kernels))
      throw new NormlabError(
        'kernels',
        show(kernels),
        "Give names of weights: ['kernel', 'recurrent_kernel']",
      )
    this.kernels = (kernels as string[] | null | undefined) ?? undefined
    this.#layerName = layerName
    this.#settings = Object.fromEntries(own.filter(([name]) => known.includes(name)))
    // What it refuses, it refuses at once.
    this.#make('kernel', 0, 0)
  }

  #make(name: string, axis: number | readonly number[], index: number): Transform {
    const { record } = this
    const config = { axis, ...this.#settings, name }
    if (record.kind !== 'noise') return new NormLayer(record, this.#layerName, config)
    const seed = this.#settings.seed as number | undefined
    const bound: Config = { ...config }
    if (!noiseArguments(record).includes('axis')) delete bound.axis
    return new NoiseLayer(
      record,
      this.#layerName,
      seed === undefined ? bound : { ...bound, seed: seed + index },
    )
  }

  override build(inputShape: Shape | Shape[]): void {
    super.build(inputShape)
    this.#transforms = kernelsOf(this.layer, this.kernels).map((kernel, i) => {
      const transform = this.#make(kernel.name, kernel.axis, i)
      transform.setFastWeightInitDuringBuild(this.fillsLater)
      // Its weights come to stand under its name.
      tf.dispose(transform.apply(kernel.variable.read()) as tf.Tensor)
      if (!this.fillsLater) start(transform, kernel.variable, this.#settings)
      return { kernel, transform }
    })
  }

  /** @param kwargs.training true updates state and draws, unless `trainable` is false. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs)
      const training = Boolean(kwargs.training) && this.trainable
      const values = this.#transforms.map(({ kernel, transform }) =>
        transform.call(kernel.variable.read(), { training }),
      )
      return this.#with(values, () => this.layer.call(inputs, kwargs))
    })
  }

  /** Runs `task` while the wrapped layer reads these values for its kernels. */
  #with<R>(values: readonly tf.Tensor[], task: () => R): R {
    const variables = this.#transforms.map(({ kernel }) => kernel.variable as { read?: () => tf.Tensor })
    variables.forEach((variable, i) => (variable.read = () => values[i]))
    try {
      return task()
    } finally {
      for (const variable of variables) delete variable.read
    }
  }

  protected override parts(): readonly layers.Layer[] {
    // The base class asks before the fields are there.
    const transforms = #transforms in this ? this.#transforms : []
    return [...super.parts(), ...transforms.map(({ transform }) => transform)]
  }

  override getConfig() {
    const { transform } = this.#transforms[0] ?? { transform: this.#make('kernel', 0, 0) }
    const base = Object.keys(super.getConfig())
    const settings = Object.entries(transform.getConfig()).filter(([name]) => !base.includes(name))
    const { axis = null, seed = null } = this.#settings
    return {
      ...super.getConfig(),
      ...Object.fromEntries(settings),
      ...('axis' in Object.fromEntries(settings) ? { axis: axis as number | null } : {}),
      ...('seed' in Object.fromEntries(settings) ? { seed: seed as number | null } : {}),
      kernels: this.kernels ? [...this.kernels] : null,
    }
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')

/** Wrapping a layer leaves what it computes as it was, where the record allows: lengths that are parameters start as they are. */
function start(transform: Transform, variable: LayerVariable, settings: Config): void {
  const { record } = transform
  if (record.kind === 'noise') return
  if (record.state)
    for (let i = 0; i < WARM_UP; i++) tf.dispose(transform.call(variable.read(), { training: true }))
  const gamma = transform.weights.find(({ originalName }) => /(^|\/)gamma$/.test(originalName))
  if (!gamma || record.apply || record.scale !== 'l2' || settings.gammaInitializer !== undefined) return
  tf.tidy(() => {
    const w = variable.read()
    const unit = transform.call(w)
    const axes = [(transform as NormLayer).axis].flat().map((axis) => (axis < 0 ? axis + w.rank : axis))
    const others = w.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]))
    const length = tf.sum(tf.mul(w, unit), others)
    gamma.write(tf.reshape(length, gamma.shape as number[]))
  })
}
