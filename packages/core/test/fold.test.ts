/** Folding changes the weights and not the answer. */
import { describe, expect, test } from 'vitest'
import {
  batchNorm,
  foldBatchNorm,
  foldCentering,
  foldLayerNorm,
  layerNorm,
  NormlabError,
  rmsNorm,
  simpleNorm,
} from '../src/index.ts'
import type { Tensor } from '../src/tensor.ts'
import { greatestError } from '../src/testing/index.ts'
import { randomTensor } from './fixtures.ts'

const EXACT = 1e-12

/** x [n, in] times kernel [in, out], plus bias. */
function dense(x: Tensor, { kernel, bias }: { kernel: Tensor; bias?: Tensor }): Tensor {
  const [rows, inputs] = x.shape
  const outputs = kernel.shape[1]
  const data = new Float64Array(rows * outputs)
  for (let n = 0; n < rows; n++)
    for (let o = 0; o < outputs; o++) {
      let sum = bias ? bias.data[o] : 0
      for (let i = 0; i < inputs; i++) sum += x.data[n * inputs + i] * kernel.data[i * outputs + o]
      data[n * outputs + o] = sum
    }
  return { data, shape: [rows, outputs] }
}

/** Valid convolution over one axis: x [n, w, in], kernel [taps, in, out]. */
function conv(x: Tensor, { kernel, bias }: { kernel: Tensor; bias?: Tensor }): Tensor {
  const [n, w, inputs] = x.shape
  const [taps, , outputs] = kernel.shape
  const width = w - taps + 1
  const data = new Float64Array(n * width * outputs)
  for (let b = 0; b < n; b++)
    for (let p = 0; p < width; p++)
      for (let o = 0; o < outputs; o++) {
        let sum = bias ? bias.data[o] : 0
        for (let t = 0; t < taps; t++)
          for (let i = 0; i < inputs; i++)
            sum += x.data[(b * w + p + t) * inputs + i] * kernel.data[(t * inputs + i) * outputs + o]
        data[(b * width + p) * outputs + o] = sum
      }
  return { data, shape: [n, width, outputs] }
}

const gamma = (size: number) => randomTensor([size], 5, 0.5, 1)
const beta = (size: number) => randomTensor([size], 6)
const stateOf = (size: number) => ({
  mean: randomTensor([size], 7),
  variance: randomTensor([size], 8, 0.2, 2),
  count: 1,
})

describe('BatchNorm', () => {
  const norm = { gamma: gamma(5), beta: beta(5), state: stateOf(5), epsilon: 1e-3 }
  const after = (z: Tensor) =>
    batchNorm.forward(
      z,
      { gamma: norm.gamma, beta: norm.beta },
      { training: false, state: norm.state, epsilon: 1e-3 },
    ).y

  test('into a dense layer, with and without bias', () => {
    const x = randomTensor([7, 4], 1)
    for (const linear of [
      { kernel: randomTensor([4, 5], 2), bias: randomTensor([5], 3) },
      { kernel: randomTensor([4, 5], 2) },
    ])
      expect(
        greatestError(dense(x, foldBatchNorm(linear, norm)).data, after(dense(x, linear)).data),
      ).toBeLessThan(EXACT)
  })

  test('into a convolution', () => {
    const x = randomTensor([2, 9, 3], 1)
    const linear = { kernel: randomTensor([3, 3, 5], 2), bias: randomTensor([5], 3) }
    expect(
      greatestError(conv(x, foldBatchNorm(linear, norm)).data, after(conv(x, linear)).data),
    ).toBeLessThan(EXACT)
  })

  test("PyTorch's layout is the transposed one; depthwise kernels have two output axes", () => {
    const kernel = randomTensor([5, 3, 2], 2)
    const { kernel: first } = foldBatchNorm({ kernel }, norm, { axis: 0 })
    const scale = (o: number) => norm.gamma.data[o] / Math.sqrt(norm.state.variance.data[o] + 1e-3)
    expect(
      greatestError(
        first.data,
        kernel.data.map((value, i) => value * scale(Math.floor(i / 6))),
      ),
    ).toBeLessThan(EXACT)
    const wide = { gamma: gamma(6), beta: beta(6), state: stateOf(6) }
    const folded = foldBatchNorm({ kernel: randomTensor([3, 3, 2, 3], 4) }, wide, { axis: [2, 3] })
    expect(folded.bias.shape).toEqual([6])
    expect(folded.kernel.shape).toEqual([3, 3, 2, 3])
  })

  test('float32 stays float32', () => {
    const kernel = { data: Float32Array.of(1, 2), shape: [1, 2] }
    const state = {
      mean: { data: Float32Array.of(0, 1), shape: [2] },
      variance: { data: Float32Array.of(1, 4), shape: [2] },
    }
    const folded = foldBatchNorm({ kernel }, { state, epsilon: 0 })
    expect(folded.kernel.data).toEqual(Float32Array.of(1, 1))
    expect(folded.bias.data).toEqual(Float32Array.of(0, -0.5))
  })
})

describe('LayerNorm', () => {
  const params = { gamma: gamma(4), beta: beta(4) }

  test('gamma, beta and centring into the dense layer after it: what is left divides and does not centre', () => {
    const x = randomTensor([6, 4], 1, 2, 3)
    const linear = { kernel: randomTensor([4, 5], 2), bias: randomTensor([5], 3) }
    const wanted = dense(layerNorm.forward(x, params).y, linear).data
    const whole = dense(simpleNorm.forward(x, {}, { epsilon: 1e-5 }).y, foldLayerNorm(linear, params))
    expect(greatestError(whole.data, wanted)).toBeLessThan(EXACT)
    const affineOnly = dense(layerNorm.forward(x).y, foldLayerNorm(linear, params, { centering: false }))
    expect(greatestError(affineOnly.data, wanted)).toBeLessThan(EXACT)
  })

  test('into the convolution after it', () => {
    const x = randomTensor([2, 8, 4], 1, 2, -1)
    const linear = { kernel: randomTensor([3, 4, 5], 2) }
    const wanted = conv(layerNorm.forward(x, params).y, linear).data
    const got = conv(simpleNorm.forward(x, {}, { epsilon: 1e-5 }).y, foldLayerNorm(linear, params)).data
    expect(greatestError(got, wanted)).toBeLessThan(EXACT)
  })

  test('centring into the layer before it: LayerNorm becomes RMSNorm', () => {
    const x = randomTensor([6, 3], 1)
    const linear = { kernel: randomTensor([3, 4], 2), bias: randomTensor([4], 3, 1, 2) }
    const wanted = layerNorm.forward(dense(x, linear), { gamma: params.gamma }).y
    const got = rmsNorm.forward(dense(x, foldCentering(linear)), { gamma: params.gamma }).y
    expect(greatestError(got.data, wanted.data)).toBeLessThan(EXACT)
  })
})

test('refuses what does not fit', () => {
  const kernel = randomTensor([4, 5], 2)
  expect(() => foldBatchNorm({ kernel }, { state: stateOf(4) })).toThrow(NormlabError)
  expect(() => foldBatchNorm({ kernel }, {} as never)).toThrow(/state.mean/)
  expect(() => foldBatchNorm({ kernel, bias: beta(4) }, { state: stateOf(5) })).toThrow(/bias/)
  expect(() => foldLayerNorm({ kernel }, { gamma: gamma(5) })).toThrow(/gamma/)
  expect(() => foldLayerNorm({ kernel }, {}, { inputAxis: 1 })).toThrow(/inputAxis/)
  expect(() => foldCentering({ kernel }, { axis: 2 })).toThrow(/axis/)
})
