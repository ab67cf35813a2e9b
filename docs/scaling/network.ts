/** A classifier with ReLU layers, plain or with BatchNorm before each ReLU, trained by plain gradient descent. */
import { batchNorm, populationState, type RunningState } from '@normlab/core'
import { normal } from './plane.ts'

export interface Labelled {
  /** [count, inputs] */
  readonly x: Float64Array
  readonly label: Uint8Array
}
export interface Network {
  readonly sizes: readonly number[]
  /** [inputs, outputs] of each layer. */
  readonly w: readonly Float64Array[]
  readonly b: readonly Float64Array[]
  /** Of each hidden layer, where there is BatchNorm. */
  readonly gamma?: readonly Float64Array[]
}

/** He's initialization: normal with variance 2 / inputs. */
export function makeNetwork(sizes: readonly number[], norm: boolean): Network {
  const outputs = sizes.slice(1)
  return {
    sizes,
    w: outputs.map((out, l) =>
      Float64Array.from({ length: sizes[l] * out }, () => normal() * Math.sqrt(2 / sizes[l])),
    ),
    b: outputs.map((out) => new Float64Array(out)),
    ...(norm ? { gamma: outputs.slice(0, -1).map((out) => new Float64Array(out).fill(1)) } : {}),
  }
}

const vector = (values: Float64Array) => ({ data: values, shape: [values.length] })

function product(a: Float64Array, w: Float64Array, inputs: number): Float64Array {
  const outputs = w.length / inputs
  const z = new Float64Array((a.length / inputs) * outputs)
  for (let row = 0, at = 0; at < z.length; row++, at += outputs)
    for (let i = 0; i < inputs; i++) {
      const value = a[row * inputs + i]
      if (value !== 0) for (let o = 0; o < outputs; o++) z[at + o] += value * w[i * outputs + o]
    }
  return z
}

/** Probabilities [count, classes]. @param states given statistics, one a hidden layer; else those of x itself. */
export function predict({ sizes, w, b, gamma }: Network, x: Float64Array, states?: readonly RunningState[]) {
  let a = x
  const tape = w.map((weights, l) => {
    const before = a
    const out = sizes[l + 1]
    const z = product(a, weights, sizes[l])
    const last = l === w.length - 1
    if (last || !gamma) {
      a = z.map((value, i) => (last ? value + b[l][i % out] : Math.max(value + b[l][i % out], 0)))
      return { before, a }
    }
    const given = { data: z, shape: [z.length / out, out] }
    const affine = { gamma: vector(gamma[l]), beta: vector(b[l]) }
    const { y, saved } = batchNorm.forward(given, affine, states ? { training: false, state: states[l] } : {})
    a = (y.data as Float64Array).map((value) => Math.max(value, 0))
    return { before, a, given, saved }
  })
  const classes = sizes.at(-1)!
  const p = a.slice()
  for (let at = 0; at < p.length; at += classes) {
    const row = p.subarray(at, at + classes)
    const most = Math.max(...row)
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0)
    row.forEach((value, i) => (row[i] = Math.exp(value - most) / sum))
  }
  return { p, tape }
}

/** One step of gradient descent on a batch. */
export function train(network: Network, { x, label }: Labelled, rate: number): void {
  const { sizes, w, b, gamma } = network
  const { p, tape } = predict(network, x)
  const classes = sizes.at(-1)!
  let dz = p.map(
    (value, i) => (value - (label[Math.floor(i / classes)] === i % classes ? 1 : 0)) / label.length,
  )
  for (let l = w.length - 1; l >= 0; l--) {
    const [inputs, outputs] = [sizes[l], sizes[l + 1]]
    const { before, saved } = tape[l]
    const db = new Float64Array(outputs)
    dz.forEach((value, i) => (db[i % outputs] += value))
    if (saved) {
      const back = batchNorm.backward({ data: dz, shape: [label.length, outputs] }, saved)
      back.dgamma!.data.forEach((value: number, i: number) => (gamma![l][i] -= rate * value))
      dz = back.dx.data as Float64Array<ArrayBuffer>
    }
    const dx = new Float64Array(before.length)
    const dw = new Float64Array(w[l].length)
    for (let at = 0; at < before.length; at++) {
      const [row, i] = [Math.floor(at / inputs) * outputs, (at % inputs) * outputs]
      // A unit that gave 0 moves no weight; and the slope at a ReLU that gave 0 is 0.
      if (l > 0 && before[at] === 0) continue
      let sum = 0
      for (let o = 0; o < outputs; o++) {
        sum += dz[row + o] * w[l][i + o]
        dw[i + o] += dz[row + o] * before[at]
      }
      dx[at] = sum
    }
    dw.forEach((value, i) => (w[l][i] -= rate * value))
    db.forEach((value, i) => (b[l][i] -= rate * value))
    dz = dx
  }
}

/** Share of right answers, with the statistics of all of x. NaN counts as wrong. */
export function accuracy(network: Network, { x, label }: Labelled): number {
  const states =
    network.gamma &&
    predict(network, x).tape.flatMap(({ given }) => (given ? [populationState([given])] : []))
  const { p } = predict(network, x, states)
  const classes = network.sizes.at(-1)!
  let right = 0
  label.forEach((one, row) => {
    const answers = p.subarray(row * classes, (row + 1) * classes)
    if (answers.every((value, i) => i === one || answers[one] > value)) right++
  })
  return right / label.length
}

/** Three arms that wind around the middle. */
export function spirals(count: number): Labelled {
  const [x, label] = [new Float64Array(2 * count), new Uint8Array(count)]
  for (let i = 0; i < count; i++) {
    label[i] = i % 3
    const radius = 0.1 + 0.9 * Math.random()
    const angle = 4 * radius + (2 * Math.PI * label[i]) / 3 + 0.12 * normal()
    x.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i)
  }
  return { x, label }
}
