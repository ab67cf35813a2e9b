/** A string bound to the wrong axis gives no error by itself: each layout is compared with the same numbers transposed. */
import { describe, expect, test } from 'vitest'
import { stridesOf } from '../src/plan.ts'
import type { Tensor } from '../src/tensor.ts'
import { greatestError } from '../src/testing/index.ts'
import { isOfWeights } from './layouts.ts'
import { norms, randomTensor } from './fixtures.ts'

/** x with its axes in the order `order`. */
export function transpose({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const sizes = order.map((axis) => shape[axis])
  const from = stridesOf(shape)
  const to = stridesOf(sizes)
  const result = new Float64Array(data.length)
  for (let i = 0; i < result.length; i++) {
    let at = 0
    for (let d = 0; d < sizes.length; d++) at += (Math.floor(i / to[d]) % sizes[d]) * from[order[d]]
    result[i] = data[at]
  }
  return { data: result, shape: sizes }
}

const orders: readonly { rank: number; order: readonly number[]; binding: object }[] = [
  { rank: 2, order: [1, 0], binding: { axes: { n: 1, c: 0 } } },
  { rank: 3, order: [0, 2, 1], binding: { axis: 1 } },
  { rank: 3, order: [1, 2, 0], binding: { axes: { n: 2, c: 1 } } },
  { rank: 4, order: [0, 3, 1, 2], binding: { axis: 1 } },
  { rank: 4, order: [0, 3, 1, 2], binding: { layout: 'nchw' } },
  { rank: 4, order: [3, 1, 2, 0], binding: { layout: 'CHWN' } },
  { rank: 5, order: [0, 4, 1, 2, 3], binding: { axis: -4 } },
  { rank: 6, order: [0, 5, 1, 2, 3, 4], binding: { layout: 'ncdhwt' } },
]

describe.each(norms.filter((v) => !isOfWeights(v.stats)).map((v) => [v.name, v] as const))(
  '%s: any layout is the transposed of channels last',
  (_, variant) => {
    test.each(orders)('$rank: $order', ({ rank, order, binding }) => {
      const shape = [4, 2, 3, 2, 2].slice(0, rank - 1).concat(12)
      const x = randomTensor(shape, 7)
      const dy = randomTensor(shape, 8)
      for (const values of variant.cases) {
        const there = { ...values, ...binding }
        const params = Object.fromEntries(
          Object.keys(variant.params).map((name, i) => [
            name,
            randomTensor(variant.paramShape(name, shape, values), 9 + i),
          ]),
        )
        // A parameter along several axes stands in x's order of them.
        const turn = (name: string, value: Tensor): Tensor =>
          String(variant.paramShape(name, transpose(x, order).shape, there)) === String(value.shape)
            ? value
            : transpose(value, value.shape.length === 2 && rank > 2 ? [1, 0] : order)
        const turned = Object.fromEntries(
          Object.entries(params).map(([name, value]) => [name, turn(name, value)]),
        )
        const last = variant.forward(x, params, values)
        const other = variant.forward(transpose(x, order), turned, there)
        expect(greatestError(other.y.data, transpose(last.y, order).data)).toBeLessThan(1e-12)
        const wanted = variant.backward(dy, last.saved)
        const got = variant.backward(transpose(dy, order), other.saved)
        expect(greatestError(got.dx.data, transpose(wanted.dx, order).data)).toBeLessThan(1e-11)
        for (const name of Object.keys(params))
          expect(greatestError(got[`d${name}`].data, turn(name, wanted[`d${name}`]).data)).toBeLessThan(1e-11)
      }
    })
  },
)

describe('cells, said by hand', () => {
  // For x[n, c, h, w]: the elements that share a statistic with x[0, 0, 0, 0].
  const shares: Record<string, (n: number, c: number, h: number, w: number) => boolean> = {
    BatchNorm: (_n, c) => c === 0,
    LayerNorm: (n, _c, h, w) => n === 0 && h === 0 && w === 0,
    GroupNorm: (n, c) => n === 0 && c < 6,
    InstanceNorm: (n, c) => n === 0 && c === 0,
    RMSNorm: (n, _c, h, w) => n === 0 && h === 0 && w === 0,
  }
  test.each(norms.filter((v) => v.name in shares).map((v) => [v.name, v] as const))('%s', (name, variant) => {
    const shape = [2, 12, 2, 3]
    const options = { axis: 1, ...(name === 'GroupNorm' ? { g: 2 } : {}) }
    const { saved } = variant.forward(randomTensor(shape, 3), {}, options)
    const dy = { data: new Float64Array(144), shape }
    dy.data[0] = 1
    const { dx } = variant.backward(dy, saved)
    let i = 0
    for (let n = 0; n < 2; n++)
      for (let c = 0; c < 12; c++)
        for (let h = 0; h < 2; h++)
          for (let w = 0; w < 3; w++)
            expect(dx.data[i++] !== 0, `${n} ${c} ${h} ${w}`).toBe(shares[name](n, c, h, w))
  })
})
