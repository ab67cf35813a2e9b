/** y = x / (k + alpha times the energy of neighbouring channels) ** beta. */
import type { Plan } from '../../plan.ts'
import type { OwnKernel } from './kernel.ts'

/** Sums over index - before to index + after along every loop of the axis c, in turn. */
function windowSums(values: Float64Array, plan: Plan, before: number, after: number): Float64Array {
  let from = values
  for (const dim of plan.dims) {
    if (dim.axis !== 'c') continue
    const { size, stride } = dim
    const to = new Float64Array(from.length)
    const span = size * stride
    for (let block = 0; block < from.length; block += span)
      for (let inner = 0; inner < stride; inner++) {
        const origin = block + inner
        for (let c = 0; c < size; c++) {
          let sum = 0
          const last = Math.min(size - 1, c + after)
          for (let k = Math.max(0, c - before); k <= last; k++) sum += from[origin + k * stride]
          to[origin + c * stride] = sum
        }
      }
    from = to
  }
  return from
}

export const localResponse: OwnKernel = ({ plan, x, options }) => {
  const { before, after, alpha, beta, k } = options as Record<string, number>
  const base = windowSums(
    Float64Array.from(x, (value) => value * value),
    plan,
    before,
    after,
  ).map((energy) => k + alpha * energy)
  const factor = base.map((value) => value ** -beta)
  return {
    y: Float32Array.from(x, (value, i) => value * factor[i]),
    backward(dy) {
      // An element stands in the windows of the channels behind it by `after` to ahead by `before`: the mirrored window.
      const pulled = windowSums(
        Float64Array.from(dy, (value, i) => (value * x[i] * factor[i]) / base[i]),
        plan,
        after,
        before,
      )
      return {
        x: Float32Array.from(x, (value, i) => dy[i] * factor[i] - 2 * alpha * beta * value * pulled[i]),
      }
    },
  }
}
