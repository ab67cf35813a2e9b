/** Keras's GRU: TensorFlow.js has only `reset_after: false`, and Keras's default is true. */
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, type LayerVariable } from '@tensorflow/tfjs-layers'
import { autoName, PACKAGE } from '../../names.ts'

type GruArgs = Parameters<typeof stock.gru>[0]
interface Unary {
  apply(x: tf.Tensor): tf.Tensor
}
type Adder = (
  name: string,
  shape: number[],
  dtype: null,
  initializer: unknown,
  regularizer: unknown,
  trainable: boolean,
  constraint: unknown,
) => LayerVariable
/** What the stock cell keeps to itself. */
interface CellParts {
  units: number
  useBias: boolean
  activation: Unary
  recurrentActivation: Unary
  kernel: LayerVariable
  recurrentKernel: LayerVariable
  bias: LayerVariable | null
  dropout: number
  recurrentDropout: number
  dropoutMask: tf.Tensor[] | null
  recurrentDropoutMask: tf.Tensor[] | null
  built: boolean
  addWeight: Adder
  [setting: string]: unknown
}

// Neither class is exported.
type CellClass = new (args: object) => ReturnType<typeof stock.gruCell>
type LayerClass = new (args: object) => ReturnType<typeof stock.gru>
const StockCell = stock.gruCell({ units: 1 }).constructor as CellClass
const StockGru = stock.gru({ units: 1 }).constructor as LayerClass

/** x [n, i], h [n, u] -> [h', h']: z, r, then tanh(x W + b + r (h U + c)). Bias is [2, 3 u]: b and c. */
export class GRUCell extends StockCell {
  static readonly className = `${PACKAGE}>GRUCell`
  constructor(args: GruArgs) {
    super({ ...args, resetAfter: false })
    if ((args as { name?: string }).name === undefined) this.name = autoName(this.name, GRUCell.className)
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    const me = this as unknown as CellParts
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as number[]
    const weight = (name: string, size: number[], kind: string) =>
      me.addWeight(
        name,
        size,
        null,
        me[`${kind}Initializer`],
        me[`${kind}Regularizer`],
        true,
        me[`${kind}Constraint`],
      )
    me.kernel = weight('kernel', [shape.at(-1)!, 3 * me.units], 'kernel')
    me.recurrentKernel = weight('recurrent_kernel', [me.units, 3 * me.units], 'recurrent')
    me.bias = me.useBias ? weight('bias', [2, 3 * me.units], 'bias') : null
    me.built = true
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor[] {
    return tf.tidy(() => {
      const me = this as unknown as CellParts
      const [given, state] = inputs as tf.Tensor2D[]
      const x = masked(me, 'dropoutMask', me.dropout, given, kwargs.training)
      const h = masked(me, 'recurrentDropoutMask', me.recurrentDropout, state, kwargs.training)
      const bias = me.bias ? tf.unstack(me.bias.read()) : [0, 0]
      const own = tf.split(tf.add(tf.matMul(x, me.kernel.read() as tf.Tensor2D), bias[0]), 3, 1)
      const past = tf.split(tf.add(tf.matMul(h, me.recurrentKernel.read() as tf.Tensor2D), bias[1]), 3, 1)
      const z = me.recurrentActivation.apply(tf.add(own[0], past[0]))
      const r = me.recurrentActivation.apply(tf.add(own[1], past[1]))
      const next = me.activation.apply(tf.add(own[2], tf.mul(r, past[2])))
      const y = tf.add(tf.mul(z, state), tf.mul(tf.sub(1, z), next))
      return [y, y]
    })
  }

  override getConfig() {
    return { ...super.getConfig(), resetAfter: true }
  }
}

/** One mask for all steps of a call: the layer forgets it when the next call begins. */
function masked(
  cell: CellParts,
  key: 'dropoutMask' | 'recurrentDropoutMask',
  rate: number,
  x: tf.Tensor2D,
  training: boolean | undefined,
): tf.Tensor2D {
  if (!training || !(rate > 0 && rate < 1)) return x
  cell[key] ??= [tf.keep(tf.dropout(tf.onesLike(x), rate))]
  return tf.mul(x, cell[key][0])
}

/** `tf.layers.gru` with Keras's default, `resetAfter: true`. */
export class GRU extends StockGru {
  static readonly className = `${PACKAGE}>GRU`
  constructor(args: GruArgs) {
    super({ ...args, resetAfter: false })
    if ((args as { name?: string }).name === undefined) this.name = autoName(this.name, GRU.className)
    // The name of a cell is of no account, and two of one name are none's wish.
    const { name: _, ...rest } = args as GruArgs & { name?: string }
    ;(this as unknown as { cell: GRUCell }).cell = new GRUCell(rest as GruArgs)
  }

  override getConfig() {
    return { ...super.getConfig(), resetAfter: true }
  }
}

export function registerGru(): void {
  const register = tf.serialization.registerClass as (cls: unknown, packageName: string, name: string) => void
  register(GRUCell, PACKAGE, 'GRUCell')
  register(GRU, PACKAGE, 'GRU')
}
