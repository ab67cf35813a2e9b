/** The oracle's operations: values by hand, gradients by finite differences, and gradients of gradients. */
import { describe, expect, test } from 'vitest'
import { erf } from '../src/erf.ts'
import type { Ops } from '../src/ops.ts'
import { planOf } from '../src/brackets.ts'
import { Reference, type Value } from '../src/reference.ts'
import { normals, secondOrder, trace } from '../src/testing/index.ts'
import { norms, planIfFits, randomParams, randomTensor } from './fixtures.ts'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => value * b[i]).reduce((p, q) => p + q, 0)

const plan = planOf('n s c -> c', [2, 3, 4])
const shape = [2, 3, 4]

type Formula = (t: Ops<Value>, a: Value, b: Value) => Value
const formulas: Record<string, Formula> = {
  add: (t, a, b) => t.add(a, b),
  sub: (t, a, b) => t.sub(a, b),
  mul: (t, a, b) => t.mul(a, b),
  div: (t, a, b) => t.div(a, b),
  max: (t, a, b) => t.max(a, b),
  where: (t, a, b) => t.where(t.greater(a, t.constant(1)), b, t.mul(a, a)),
  abs: (t, a, b) => t.abs(t.sub(a, b)),
  exp: (t, a) => t.exp(a),
  log: (t, a) => t.log(a),
  sqrt: (t, a) => t.sqrt(a),
  pow: (t, a) => t.pow(a, -0.75),
  tanh: (t, a) => t.tanh(a),
  erf: (t, a) => t.erf(a),
  sum: (t, a, b) => t.mul(t.sum(a, 'c'), b),
  mean: (t, a, b) => t.mul(t.mean(t.mul(a, a), 'n'), b),
  windowSum: (t, a, b) => t.mul(t.windowSum(a, 'c', 1, 2), b),
  'small b, broadcast': (t, a, b) => t.div(a, t.mean(b, 's')),
}

describe.each(Object.entries(formulas))('%s', (_, formula) => {
  const at = (data: Float64Array) => {
    const t = new Reference(plan.dims)
    const a = t.leaf(data.subarray(0, 24), shape)
    const b = t.leaf(data.subarray(24), shape)
    return { t, a, b, y: formula(t, a, b) }
  }
  // All positive and away from ties, so that every operation is smooth there.
  const inputs = normals(48, 2).map((value, i) => 1.2 + 0.3 * Math.tanh(value) + (i >= 24 ? 0.8 : 0))

  test('gradient, and gradient of the gradient, = finite differences', () => {
    const { t, a, b, y } = at(inputs)
    const dy = normals(y.data.length, 3)
    const v = normals(48, 4)
    const gradient = (data: Float64Array): number => {
      const there = at(data)
      const [da, db] = there.t.gradients(there.y, there.t.leaf(dy, there.y.shape), [there.a, there.b])
      return [...da.data, ...db.data].reduce((sum, value, i) => sum + value * v[i], 0)
    }
    const loss = (data: Float64Array): number =>
      at(data).y.data.reduce((sum, value, i) => sum + value * dy[i], 0)
    const move = (direction: Float64Array, h: number) => inputs.map((value, i) => value + h * direction[i])
    const slope = (f: (data: Float64Array) => number, direction: Float64Array): number =>
      (f(move(direction, 1e-5)) - f(move(direction, -1e-5))) / 2e-5
    expect(gradient(inputs)).toBeCloseTo(slope(loss, v), 6)
    const w = normals(48, 5)
    const [da, db] = t.gradients(y, t.leaf(dy, y.shape), [a, b])
    const va = t.leaf(v.subarray(0, 24), shape)
    const vb = t.leaf(v.subarray(24), shape)
    const inner = t.add(t.sum(t.mul(da, va), ''), t.sum(t.mul(db, vb), ''))
    const [ha, hb] = t.gradients(inner, t.constant(1), [a, b])
    const second = [...ha.data, ...hb.data].reduce((sum, value, i) => sum + value * w[i], 0)
    expect(second).toBeCloseTo(slope(gradient, w), 5)
  })
})

test('windows are cut off at the ends, even widths included', () => {
  const t = new Reference(planOf('n c -> n', [1, 5]).dims)
  const a = t.leaf([1, 2, 3, 4, 5], [1, 5])
  expect([...t.windowSum(a, 'c', 1, 0).data]).toEqual([1, 3, 5, 7, 9])
  expect([...t.windowSum(a, 'c', 0, 1).data]).toEqual([3, 5, 7, 9, 5])
  expect([...t.windowMax(a, 'c', 2, 1).data]).toEqual([2, 3, 4, 5, 5])
})

test('stopGradient stops the gradient and replays its value', () => {
  const t = new Reference(plan.dims)
  const a = t.leaf(normals(24, 1), shape)
  const y = t.mul(a, t.stopGradient(a))
  const [da] = t.gradients(y, t.constant(1), [a])
  expect([...da.data]).toEqual([...a.data])
  const again = new Reference(plan.dims, t.stopped)
  const b = again.leaf(
    a.data.map((value) => value + 1),
    shape,
  )
  expect([...again.stopGradient(b).data]).toEqual([...a.data])
})

test('erf', () => {
  // Digits of DLMF 7.2 by independent high-precision evaluation.
  for (const [x, wanted] of [
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [-3, -0.9999779095030014],
    [7, 1],
  ])
    expect(erf(x)).toBeCloseTo(wanted, 14)
  expect(erf(NaN)).toBeNaN()
  expect(erf(-Infinity)).toBe(-1)
})

// Constants that the gradient does not see (stopGradient) move with x: there the two differ by design.
const smooth = norms.filter((variant) => {
  const size = [3, 2, 12]
  const [options] = variant.cases
  return trace(variant, { x: randomTensor(size, 1), options }).t.stopped.length === 0
})

describe.each(smooth.map((v) => [v.name, v] as const))('%s: second order', (_, variant) => {
  test('derivative of <dx, v> = finite differences of the first', () => {
    const size = [3, 2, 12]
    const options = variant.cases[0]
    expect(planIfFits(variant, size, options)).not.toBeNull()
    const x = randomTensor(size, 1)
    const params = randomParams(variant, size, options, 2)
    const dy = randomTensor(size, 8)
    const v = randomTensor(size, 9)
    const direction = normals(72, 10)
    const along = (h: number): number => {
      const moved = { data: Float64Array.from(x.data, (value, i) => value + h * direction[i]), shape: size }
      const { dx } = variant.backward(dy, variant.forward(moved, params, options).saved)
      return dot(dx.data, v.data)
    }
    const analytic = dot(secondOrder(variant, { x, params, options }, dy, v).x, direction)
    const numeric = (along(1e-5) - along(-1e-5)) / 2e-5
    expect(Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric))).toBeLessThan(1e-5)
  })
})
