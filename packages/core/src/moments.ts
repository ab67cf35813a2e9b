/** Mean and variance that merge: parts of a stream, or of a cluster, add up to the statistics of the whole. */
import { checkOptions, NormlabError, show } from './errors.ts'
import { layBroadcast } from './boundary.ts'
import { statistics, totalsOf } from './kernels/scalar.ts'
import { planOf } from './brackets.ts'
import type { Binding } from './plan.ts'
import { checkTensor, type Tensor } from './tensor.ts'

/** Statistics of each cell, in float64. All three arrays have one entry a cell. */
export interface Moments {
  /** Number of values (or sum of weights). */
  readonly count: Float64Array
  readonly mean: Float64Array
  /** Sum of squared distances from the mean. */
  readonly m2: Float64Array
}

function checkMoments(argument: string, value: unknown): asserts value is Moments {
  const { count, mean, m2 } = (value ?? {}) as Partial<Moments>
  const fit = [count, mean, m2].every(
    (array) => array instanceof Float64Array && array.length === count?.length,
  )
  if (!fit) throw new NormlabError(argument, `${show(value)} are no moments`, 'Give what momentsOf returned')
}

/** Statistics of no values at all: the neutral element of `mergeMoments`. */
export function emptyMoments(cells: number): Moments {
  return { count: new Float64Array(cells), mean: new Float64Array(cells), m2: new Float64Array(cells) }
}

/**
 * Moments of x, one cell for each kept index of the pattern. Two passes, so that a large mean does not eat the variance.
 * @param weights a weight (or a 0/1 mask) for each element of x, of x's shape or broadcastable to it. A weight of 0 leaves its element out, NaN included.
 */
export function momentsOf(
  x: Tensor,
  pattern = 'n s c -> c',
  options: Binding & { weights?: Tensor } = {},
): Moments {
  checkTensor('x', x)
  checkOptions('options', options)
  const { weights, ...binding } = options
  const plan = planOf(pattern, x.shape, binding)
  const laid = weights === undefined ? undefined : layBroadcast('weights', weights, plan)
  const { mean, variance } = statistics(
    {
      plan,
      center: true,
      scale: 'std',
      epsilon: 0,
      gammaPlus: 0,
      weights: laid,
    },
    x.data,
  )
  const totals = totalsOf(plan, laid)
  const count = mean.map((_, cell) => (typeof totals === 'number' ? totals : totals[cell]))
  return { count, mean, m2: variance.map((value, cell) => Math.max(0, value) * count[cell]) }
}

/** Moments of two disjoint sets together. Chan, Golub & LeVeque 1979. Associative up to rounding; mutates nothing. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  checkMoments('a', a)
  checkMoments('b', b)
  const cells = a.count.length
  if (b.count.length !== cells)
    throw new NormlabError(
      'b',
      `${b.count.length} cells to merge with ${cells}`,
      'Merge moments of the same pattern and kept sizes',
    )
  const result = emptyMoments(cells)
  for (let i = 0; i < cells; i++) {
    const count = a.count[i] + b.count[i]
    const delta = b.mean[i] - a.mean[i]
    const share = count > 0 ? b.count[i] / count : 0
    result.count[i] = count
    // A side that is empty must not bring its mean along, and equal means must stay exactly equal.
    result.mean[i] = a.count[i] === 0 ? b.mean[i] : a.mean[i] + delta * share
    result.m2[i] =
      a.m2[i] + b.m2[i] + (a.count[i] === 0 || b.count[i] === 0 ? 0 : delta * delta * a.count[i] * share)
  }
  return result
}

/** Variance of each cell: `biased` divides by the count, `unbiased` by count - 1 (NaN for a single value, 0 values give NaN). */
export function varianceOf(moments: Moments, kind: 'biased' | 'unbiased' = 'biased'): Float64Array {
  checkMoments('moments', moments)
  if (kind !== 'biased' && kind !== 'unbiased')
    throw new NormlabError('kind', show(kind), "Give 'biased' or 'unbiased'")
  return moments.m2.map((m2, i) => {
    const divisor = kind === 'biased' ? moments.count[i] : moments.count[i] - 1
    return divisor > 0 ? m2 / divisor : NaN
  })
}
