/** Whole small models, the same but for the norm layers and dropout. Knows neither Node nor a browser. */
import { layers as ours } from '@normlab/tfjs-layers'
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { timeOf, type Measured, type Timed } from './measure.ts'
import type { Side } from './jobs.ts'
import { median } from '../median.ts'
import { unregister } from './subject.ts'

type Set = Pick<typeof stock, 'batchNormalization' | 'layerNormalization' | 'dropout'>
const setOf = (side: Side): Set => (side === 'stock' ? stock : (ours as unknown as Set))

/** Scaled dot-product attention of one head over [batch, positions, width]; without weights of its own. */
class Attention extends stock.Layer {
  static readonly className = 'BenchAttention'
  override computeOutputShape(shapes: (number | null)[][]): (number | null)[] {
    return shapes[0]
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [q, k, v] = inputs as tf.Tensor3D[]
      const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(q.shape[2]))
      return tf.matMul(tf.softmax(scores) as tf.Tensor3D, v)
    })
  }
}

interface Spec {
  readonly backends: readonly string[]
  readonly input: readonly number[]
  readonly target: readonly number[]
  build(set: Set): LayersModel
}

const [BATCH, POSITIONS, WIDTH] = [8, 64, 128]
/** Positions flattened into rows: tfjs-wasm has no gradient for a dense layer over three dimensions' gather. */
export const models: Readonly<Record<string, Spec>> = {
  /** Two Pre-LN blocks on continuous inputs. */
  'Pre-LN transformer': {
    backends: ['wasm', 'cpu', 'tensorflow', 'webgl', 'webgpu'],
    input: [BATCH, POSITIONS, WIDTH],
    target: [BATCH, POSITIONS, WIDTH],
    build(set) {
      const x = input({ shape: [POSITIONS, WIDTH] })
      const dense = (units: number, activation?: 'relu') => stock.dense({ units, activation })
      let h = x
      for (let block = 0; block < 2; block++) {
        const normed = set.layerNormalization().apply(h) as SymbolicTensor
        const qkv = [0, 1, 2].map(() => dense(WIDTH).apply(normed) as SymbolicTensor)
        const mixed = dense(WIDTH).apply(new Attention({}).apply(qkv)) as SymbolicTensor
        const dropped = set.dropout({ rate: 0.1, seed: block }).apply(mixed) as SymbolicTensor
        h = stock.add().apply([h, dropped]) as SymbolicTensor
        const wide = dense(4 * WIDTH, 'relu').apply(set.layerNormalization().apply(h)) as SymbolicTensor
        h = stock.add().apply([h, dense(WIDTH).apply(wide) as SymbolicTensor]) as SymbolicTensor
      }
      return modelOf({ inputs: x, outputs: set.layerNormalization().apply(h) as SymbolicTensor })
    },
  },
  /** Two convolutions, each with a batch normalization. tfjs-wasm cannot train convolutions. */
  'BN convnet': {
    backends: ['cpu', 'tensorflow', 'webgl', 'webgpu'],
    input: [8, 28, 28, 1],
    target: [8, 10],
    build(set) {
      const x = input({ shape: [28, 28, 1] })
      let h = x
      for (const filters of [8, 16]) {
        const conv = stock.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }).apply(h)
        const normed = set.batchNormalization().apply(conv)
        const active = stock.reLU().apply(normed)
        h = stock.maxPooling2d({ poolSize: 2 }).apply(active) as SymbolicTensor
      }
      const out = stock.dense({ units: 10 }).apply(stock.flatten().apply(h)) as SymbolicTensor
      return modelOf({ inputs: x, outputs: out })
    },
  },
}

/** A training step is trainOnBatch with Adam; inference is predict. The loss must fall, or the time means nothing. */
export async function measureModel(name: string, side: Side): Promise<Measured> {
  if (side === 'composed') unregister()
  const spec = models[name]
  const model = spec.build(setOf(side))
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
  const [x, target] = [spec.input, spec.target].map((shape, i) =>
    tf.randomNormal([...shape], 0, 1, 'float32', i),
  )
  const loss = async (): Promise<number> => Number(await model.trainOnBatch(x, target))
  const first = await loss()
  const times: number[] = []
  let last = first
  // The first steps are slower: compilers warm up.
  for (let i = 0; i < 3; i++) last = await loss()
  for (let spent = 0; times.length < 5 || (spent < 4000 && times.length < 100); spent += times.at(-1)!) {
    const start = performance.now()
    last = await loss()
    times.push(performance.now() - start)
  }
  if (!(last < first)) throw new Error(`${name}, ${side}: the loss went from ${first} to ${last}`)
  const step: Timed = { ms: median(times), runs: times.length }
  const inference = await timeOf(
    () => model.predict(x) as tf.Tensor,
    async (t) => void (await t.data()),
  )
  return { step, inference, launches: {}, peak: Number.NaN, error: Number.NaN }
}
