/** Layers of Keras that TensorFlow.js lacks, each a composition of its operations. */
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers } from '@tensorflow/tfjs-layers'
import { autoName, PACKAGE } from '../../names.ts'
import type { Shape } from '../../shape.ts'
import type { Config } from '../json.ts'

type Kwargs = Parameters<layers.Layer['call']>[1]

export interface CallContext {
  readonly training: boolean
  /** Of the first input. */
  readonly mask: tf.Tensor | undefined
}

export interface Kind {
  /** Weights in Keras's order: path in the file under the layer, and shape. */
  weights?(config: Config, shapes: readonly Shape[]): readonly (readonly [path: string, shape: number[]])[]
  call(inputs: tf.Tensor[], weights: tf.Tensor[], config: Config, context: CallContext): tf.Tensor
  /** Default: what a call gives, where sizes that are not known yet do not matter to it. */
  outputShape?(config: Config, shapes: readonly Shape[]): Shape
  /** Passes on the mask of its first input. */
  readonly masks?: boolean
}

type Args = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>

/** @param config of the layer, in camel case, beside `name` and `trainable`. */
export abstract class Composite extends layers.Layer {
  readonly kind: Kind
  readonly config: Config
  /** Path in the file of each weight. */
  paths: readonly string[] = []

  constructor(kind: Kind, args: Config) {
    super(args as Args)
    if (args.name === undefined) this.name = autoName(this.name, this.getClassName())
    const { name: _, trainable: _trainable, ...config } = args
    this.kind = kind
    this.config = config
    this.supportsMasking = kind.masks ?? false
  }

  override build(inputShape: Shape | Shape[]): void {
    const specs = this.kind.weights?.(this.config, shapesOf(inputShape)) ?? []
    for (const [path, shape] of specs) {
      const name = path.replace('/vars', '').replaceAll('/', '_')
      const initializer = shape.length > 1 ? initializers.glorotUniform({}) : initializers.zeros()
      this.addWeight(name, shape, 'float32', initializer)
    }
    this.paths = specs.map(([path]) => path)
    this.built = true
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shapes = shapesOf(inputShape)
    if (this.kind.outputShape) return this.kind.outputShape(this.config, shapes)
    // Two sizes for what is not known: sizes of the result that follow them are not known either.
    const [a, b] = [2, 3].map((size) =>
      tf.tidy(() => {
        const inputs = shapes.map((shape) => tf.zeros(shape.map((each) => each ?? size)))
        return this.#run(inputs, { training: false, mask: undefined }).shape
      }),
    )
    return a.map((size, i) => (size === b[i] ? size : null))
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs)
      const all = [inputs].flat()
      const given = (Array.isArray(kwargs.mask) ? kwargs.mask[0] : kwargs.mask) as
        | tf.Tensor
        | null
        | undefined
      // Merging layers hand on [1, n, t] for [n, t].
      const mask = given
        ? tf.reshape(given, given.shape.slice(given.shape[0] === 1 && given.rank >= all[0].rank ? 1 : 0))
        : undefined
      return this.#run(all, { training: Boolean(kwargs.training), mask })
    })
  }

  #run(inputs: tf.Tensor[], context: CallContext): tf.Tensor {
    const weights = this.weights.map((weight) => weight.read())
    return this.kind.call(inputs, weights, this.config, context)
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.config } as ReturnType<layers.Layer['getConfig']>
  }
}

const shapesOf = (shape: Shape | Shape[]): Shape[] => (Array.isArray(shape[0]) ? shape : [shape]) as Shape[]

/** Registers a class of this kind as `normlab>NAME`. */
export function registerKind(name: string, kind: Kind): void {
  const register = tf.serialization.registerClass as (cls: unknown, packageName: string, name: string) => void
  const made = class extends Composite {
    static readonly className = `${PACKAGE}>${name}`
    constructor(config: Config) {
      super(kind, config)
    }
  }
  register(made, PACKAGE, name)
}
