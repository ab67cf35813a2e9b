/** Trains the network of this page, on its spirals and from its first weights, and looks at it after every epoch. */
import { attribute, neuron, type Attribution } from './experiment/attribution.ts'
import { pick, spirals, split, type Dataset } from './experiment/data.ts'
import { average, meanMoves, unitValues } from './experiment/measures.ts'
import { shuffled, uniform } from './experiment/random.ts'
import {
  CLASSES,
  DEPTH,
  forward,
  makeLayers,
  tensorOf,
  unsteady,
  WIDTH,
  type Layer,
  type Pass,
  type Run,
} from './network.ts'

/** All hidden layers at one moment, with the watched examples as one batch. */
export interface Look {
  readonly passes: readonly Pass[]
  /** Each hidden layer's own numbers. */
  readonly weights: readonly { readonly kernel: Float32Array; readonly bias: Float32Array }[]
  /** Mean over the epoch's batches. */
  readonly loss: number
  /** Share of the test examples that it gets right. */
  readonly accuracy: number
}

/** Cross-entropy, and its slope at each score. */
function lossOf(scores: Float32Array, y: Int32Array): { loss: number; slope: Float32Array } {
  let loss = 0
  const slope = new Float32Array(scores.length)
  for (let row = 0; row < y.length; row++) {
    const some = scores.subarray(row * CLASSES, (row + 1) * CLASSES)
    const top = Math.max(...some)
    const total = some.reduce((sum, score) => sum + Math.exp(score - top), 0)
    for (let c = 0; c < CLASSES; c++) {
      const hit = c === y[row] ? 1 : 0
      if (hit) loss -= (some[c] - top - Math.log(total)) / y.length
      slope[row * CLASSES + c] = (Math.exp(some[c] - top) / total - hit) / y.length
    }
  }
  return { loss, slope }
}

/** One step of gradient descent. Changes the layers' numbers. */
function step(
  layers: readonly Layer[],
  run: Run,
  { x, y }: Dataset,
  disturb?: ReturnType<typeof unsteady>,
): number {
  const { passes, scores } = forward(layers, run, x, 'train', disturb)
  const { loss, slope } = lossOf(scores, y)
  let d = slope
  for (let l = DEPTH; l >= 0; l--) {
    if (l < DEPTH) {
      const { pre, post, back } = passes[l]
      d = d.map((value, i) =>
        run.activation === 'relu' ? (pre[i] > 0 ? value : 0) : value * post[i] * (1 - post[i]),
      )
      if (back) d = throughNorm(layers[l], run.rate, back(tensorOf(d, WIDTH)))
    }
    d = throughLinear(layers[l], run.rate, l < DEPTH ? passes[l].input : passes[l - 1].post, d)
  }
  return loss
}

function throughNorm(
  { gamma, beta, units }: Layer,
  rate: number,
  { dx, dgamma, dbeta }: ReturnType<NonNullable<Pass['back']>>,
): Float32Array {
  for (let u = 0; u < units; u++) {
    gamma.data[u] -= rate * dgamma!.data[u]
    beta.data[u] -= rate * dbeta!.data[u]
  }
  return dx.data as Float32Array
}

function throughLinear(
  { inputs, units, w, b }: Layer,
  rate: number,
  input: Float32Array,
  d: Float32Array,
): Float32Array {
  const count = d.length / units
  const [dx, dw, db] = [new Float32Array(count * inputs), new Float64Array(w.length), new Float64Array(units)]
  for (let row = 0; row < count; row++) {
    for (let u = 0; u < units; u++) db[u] += d[row * units + u]
    for (let i = 0; i < inputs; i++) {
      const value = input[row * inputs + i]
      let sum = 0
      for (let u = 0; u < units; u++) {
        sum += d[row * units + u] * w[i * units + u]
        dw[i * units + u] += value * d[row * units + u]
      }
      dx[row * inputs + i] = sum
    }
  }
  for (let i = 0; i < w.length; i++) w[i] -= rate * dw[i]
  for (let u = 0; u < units; u++) b[u] -= rate * db[u]
  return dx
}

/** The first look is before training. Defaults: no normalization, ReLU, batches of 32, learning rate 0.1, 30 epochs, seed 1, no noise. */
export function train(changes: Partial<Run> = {}): Look[] {
  const run: Run = {
    norm: 'none',
    activation: 'relu',
    batch: 32,
    rate: 0.1,
    epochs: 30,
    seed: 1,
    noise: 0,
    ...changes,
  }
  const { train: all, test, probe } = split(spirals(run.seed), run.seed)
  const layers = makeLayers(run)
  const disturb = run.noise ? unsteady(run.noise, uniform(run.seed ^ 0x2b9f)) : undefined
  const look = (loss: number): Look => {
    const { scores } = forward(layers, run, test.x, 'test')
    const right = test.y.filter((label, row) => {
      const some = scores.subarray(row * CLASSES, (row + 1) * CLASSES)
      return some.indexOf(Math.max(...some)) === label
    })
    return {
      passes: forward(layers, run, probe.x, 'look', disturb).passes,
      weights: layers.slice(0, DEPTH).map(({ w, b }) => ({ kernel: w.slice(), bias: b.slice() })),
      loss,
      accuracy: right.length / test.count,
    }
  }
  const looks = [look(Number.NaN)]
  const next = uniform(run.seed ^ 0x7ab1)
  const perEpoch = Math.floor(all.count / run.batch)
  for (let epoch = 0; epoch < run.epochs; epoch++) {
    const order = shuffled(all.count, next)
    let loss = 0
    for (let i = 0; i < perEpoch; i++)
      loss +=
        step(layers, run, pick(all, order.subarray(i * run.batch, (i + 1) * run.batch)), disturb) / perEpoch
    looks.push(look(loss))
  }
  return looks
}

/** One neuron's values, by layer and unit from 1. */
export const valuesOf = (
  { passes }: Look,
  layer: number,
  unit: number,
  what: 'linear' | 'pre' | 'post' = 'pre',
): Float32Array => unitValues(passes[layer - 1][what], WIDTH, unit - 1)

/** How much of the move of a neuron's linear part is its own weights' doing, and how much comes from upstream. */
export function splitOf(
  before: Look,
  after: Look,
  layer: number,
  unit: number,
  what: 'mean' | 'std',
): Attribution {
  const at = ({ passes, weights }: Look) => neuron(passes[layer - 1].input, weights[layer - 1], unit - 1)
  return attribute(at(before), at(after), what)
}

/** By layer: how far a neuron's mean moves in an epoch, on average over neurons and over the epochs after the first. */
export const driftOf = (looks: readonly Look[]): number[] =>
  Array.from({ length: DEPTH }, (_, l) =>
    average(
      looks
        .slice(2)
        .map((now, i) => average(meanMoves(looks[i + 1].passes[l].pre, now.passes[l].pre, WIDTH))),
    ),
  )
