/** Checks of gradients by directional derivatives, after autograd's `test_util.py`. */
import type { AnyNorm } from '../normTypes.ts'
import type { Tensor } from '../tensor.ts'
import { normals } from './random.ts'
import { leavesOf, trace, type Inputs } from './trace.ts'

export interface GradientCheck {
  /** |numeric - analytic| over the greatest of |analytic|, |numeric| and the norm of the gradient. */
  readonly error: number
  readonly analytic: number
  readonly numeric: number
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/**
 * Compares the gradient of <y, dy> along a random direction through all inputs at once with a central difference.
 * dy is random too: with a constant one, BatchNorm's dx is 0 and nothing is checked.
 * `stopGradient` values are recorded once and replayed, so that the difference sees the same constants.
 */
export function checkGradient(
  variant: AnyNorm,
  inputs: Inputs,
  { seed = 1, step = 1e-5 } = {},
): GradientCheck {
  const base = trace(variant, inputs)
  const leaves = leavesOf(base)
  const dy = base.t.leaf(normals(base.y.data.length, seed), base.y.shape)
  const gradients = base.t.gradients(base.y, dy, Object.values(leaves))
  const directions = gradients.map((gradient, i) => normals(gradient.data.length, seed + 1 + i))
  const analytic = gradients.reduce((sum, gradient, i) => sum + dot(gradient.data, directions[i]), 0)
  const at = (h: number): number => {
    const moved = (name: string, tensor: Tensor): Tensor => {
      const direction = directions[Object.keys(leaves).indexOf(name)]
      return {
        data: Float64Array.from(tensor.data, (value, k) => value + h * direction[k]),
        shape: tensor.shape,
      }
    }
    const params = Object.fromEntries(
      Object.entries(inputs.params ?? {}).map(([name, tensor]) => [name, moved(name, tensor)]),
    )
    const there = trace(variant, { ...inputs, x: moved('x', inputs.x), params }, base.t.stopped)
    return dot(there.y.data, dy.data)
  }
  // Richardson: the third-order error of the central difference cancels between two steps.
  const wide = (at(2 * step) - at(-2 * step)) / (4 * step)
  const narrow = (at(step) - at(-step)) / (2 * step)
  const numeric = (4 * narrow - wide) / 3
  // A gradient that vanishes is measured against dy.
  const size = Math.max(
    1e-3 * Math.hypot(...dy.data.slice(0, 10_000)),
    ...gradients.map((gradient) => Math.hypot(...gradient.data.slice(0, 10_000))),
  )
  return {
    error: Math.abs(numeric - analytic) / Math.max(Math.abs(analytic), Math.abs(numeric), size, 1e-300),
    analytic,
    numeric,
  }
}

/**
 * Second order: for dx = f(x, params, dy), the gradients of <dx, v> with respect to each of them.
 * @returns by name: `x`, the parameters, and `dy`.
 */
export function secondOrder(
  variant: AnyNorm,
  inputs: Inputs,
  dy: Tensor,
  v: Tensor,
): Record<string, Float64Array> {
  const { t, x, params, y } = trace(variant, inputs)
  const seed = t.leaf(dy.data, y.shape)
  const [dx] = t.gradients(y, seed, [x])
  const targets = { x, ...params, dy: seed }
  const pulled = t.gradients(dx, t.leaf(v.data, x.shape), Object.values(targets))
  return Object.fromEntries(Object.keys(targets).map((name, i) => [name, pulled[i].data]))
}
