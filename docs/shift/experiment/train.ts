import * as tf from '@tensorflow/tfjs-core'
import type { Sequential } from '@tensorflow/tfjs-layers'
import { shownEpochs, type RunConfig } from './config.ts'
import { pick, split, type Dataset } from './data.ts'
import { buildNetwork } from './model.ts'
import { shuffled, uniform } from './random.ts'
import { Snapshooter, type OwnWeights, type Values } from './snapshot.ts'

/** One network at one moment. */
export interface NetworkFrame {
  readonly values: Values
  /** Only where a shown epoch ends. */
  readonly weights?: OwnWeights[]
  /** Mean over the steps since the last frame; NaN once the network has diverged. */
  readonly loss: number
  /** Share of the test examples that it gets right. */
  readonly accuracy: number
}

export interface Frame {
  /** Epochs done; a fraction inside an epoch. 0 is before training. */
  readonly epoch: number
  readonly step: number
  readonly steps: number
  /** True where a shown epoch ends, and before training: these frames stay. */
  readonly keep: boolean
  readonly without: NetworkFrame
  readonly with: NetworkFrame
}

export interface TrainOptions {
  onFrame: (frame: Frame) => void | Promise<void>
  signal?: AbortSignal
  /** Milliseconds between frames inside an epoch; Infinity: only where an epoch ends. */
  every?: number
}

/** Trains two networks side by side: same first weights, same batches in the same order; one has normalization layers. */
export async function trainPair(run: RunConfig, data: Dataset, options: TrainOptions): Promise<void> {
  const { onFrame, signal, every = Infinity } = options
  const { train, test, probe } = split(data, run.seed)
  const batch = Math.min(run.batch, train.count)
  const perEpoch = Math.floor(train.count / batch)
  const steps = perEpoch * run.epochs
  const shown = shownEpochs(run.epochs)
  const tests = { x: rows(test), y: test.y }
  const probeRows = rows(probe)
  const pair = (['none', run.norm] as const).map((norm) => {
    const model = buildNetwork(run, norm, data.features, data.classes)
    return { model, look: new Snapshooter(model, probeRows, run.depth), sum: 0, count: 0 }
  })

  const frame = async (step: number) => {
    const epoch = step / perEpoch
    const keep = step === 0 || shown.includes(epoch)
    const look = async (side: (typeof pair)[number]): Promise<NetworkFrame> => {
      const loss = side.count ? side.sum / side.count : NaN
      side.sum = side.count = 0
      const weights = keep ? { weights: side.look.weights() } : {}
      return { values: await side.look.values(), ...weights, loss, accuracy: accuracy(side.model, tests) }
    }
    await onFrame({ epoch, step, steps, keep, without: await look(pair[0]), with: await look(pair[1]) })
    await pause()
  }

  try {
    await frame(0)
    const next = uniform(run.seed ^ 0x7ab1)
    let last = performance.now()
    for (let epoch = 0; epoch < run.epochs; epoch++) {
      const order = shuffled(train.count, next)
      for (let i = 0; i < perEpoch; i++) {
        if (signal?.aborted) return
        const some = pick(train, order.subarray(i * batch, (i + 1) * batch))
        const x = rows(some)
        const y = tf.tidy(() => tf.oneHot(tf.tensor1d(some.y, 'int32'), data.classes))
        for (const side of pair) {
          side.sum += (await side.model.trainOnBatch(x, y)) as number
          side.count++
        }
        tf.dispose([x, y])
        const done = epoch * perEpoch + i + 1
        if (i + 1 < perEpoch && performance.now() - last < every) continue
        await frame(done)
        last = performance.now()
      }
    }
  } finally {
    for (const { model } of pair) {
      model.optimizer.dispose()
      model.dispose()
    }
    tf.dispose([probeRows, tests.x])
  }
}

const rows = ({ x, count, features }: Dataset): tf.Tensor2D => tf.tensor2d(x, [count, features])

function accuracy(model: Sequential, { x, y }: { x: tf.Tensor2D; y: Int32Array }): number {
  const guesses = tf.tidy(() => tf.argMax(model.predict(x) as tf.Tensor, 1).dataSync())
  let right = 0
  for (let i = 0; i < y.length; i++) if (guesses[i] === y[i]) right++
  return right / y.length
}

/** Lets messages and signals in. */
const pause = () => new Promise<void>((resume) => setTimeout(resume, 0))
