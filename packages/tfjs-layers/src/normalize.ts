/** Normalization of a tensor: by the backend's fused kernels, or composed of tfjs's operations where it has none. */
import { standardize } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { sizesOf, spreadOf } from './fold.ts'
import { gather } from './gather.ts'
import { onTape, shaped, withGradientOfFirst } from './gradient.ts'
import { attrsOf, PARAM_NAMES, type ParamName, type Problem } from './kernels/cells.ts'
import { applyComposed, normalizeComposed, type CellStatistics } from './kernels/composition.ts'
import {
  APPLY,
  APPLY_GRAD,
  cellSize,
  hasKernel,
  NORMALIZE,
  NORMALIZE_GRAD,
  runKernel,
} from './kernels/contract.ts'
import { TfOps } from './ops.ts'

type T = tf.Tensor
/** In their own shapes. */
export type Params = Readonly<Partial<Record<ParamName, T>>>
export interface Moments {
  readonly mean: T
  readonly variance: T
}
type Observe = (statistics: CellStatistics) => void

/**
 * x normalized with its own statistics, in its own shape.
 * @param weights of the folded dimensions' sizes: the weight of each element in the statistics.
 * @param observe is called once with the statistics; what it does stays off the tape.
 */
export function normalize(x: T, params: Params, problem: Problem, weights?: T, observe?: Observe): T {
  const attrs = { ...attrsOf(problem, shapesOf(params), 'own'), moments: observe !== undefined }
  const compose = (input: T, given: Params, seen?: Observe) =>
    composed(input, given, problem, undefined, weights, seen)
  if (weights || !hasKernel(NORMALIZE, attrs) || !hasKernel(NORMALIZE_GRAD, attrs))
    return compose(x, params, observe)
  return withGradientOfFirst([x, ...listOf(params)], ([input, ...rest], save) => {
    const { gamma, beta } = named(params, rest)
    const [y, ...others] = runKernel(NORMALIZE, { x: input, gamma, beta }, attrs)
    const [mean, variance] = attrs.moments ? others.splice(0, 2) : []
    observe?.({ mean, variance, total: cellSize(attrs.cells) })
    save([...(gamma ? [gamma] : []), ...others])
    return {
      value: y,
      pull(dy, [savedX, ...kept]) {
        const g = params.gamma && kept.shift()
        if (onTape()) return pullComposed(compose, dy, savedX, g, attrs.betaShape)
        const saved = Object.fromEntries(kept.map((t, i) => [`saved${i}`, t]))
        return runKernel(NORMALIZE_GRAD, { dy, x: savedX, gamma: g, ...saved }, attrs)
      },
    }
  })
}

/** x normalized with given statistics, in its own shape. */
export function applyStatistics(x: T, params: Params, moments: Moments, problem: Problem): T {
  const attrs = attrsOf(problem, shapesOf(params), 'given')
  // Off the tape a gradient may not ask for another: without a kernel of its own the composition is on the tape from the start.
  if (!hasKernel(APPLY, attrs) || (onTape() && !hasKernel(APPLY_GRAD, attrs)))
    return composed(x, params, problem, moments)
  const inputs = [x, moments.mean, moments.variance, ...listOf(params)]
  return withGradientOfFirst(inputs, ([input, mean, variance, ...rest], save) => {
    const { gamma, beta } = named(params, rest)
    const [y] = runKernel(APPLY, { x: input, mean, variance, gamma, beta }, attrs)
    save([mean, variance, ...(gamma ? [gamma] : [])])
    return {
      value: y,
      pull(dy, [savedX, m, v, g]) {
        if (!onTape()) {
          const [dx, ...found] = runKernel(
            APPLY_GRAD,
            { dy, x: savedX, mean: m, variance: v, gamma: g },
            attrs,
          )
          const [dmean, dvariance] = found.splice(0, 2).map((t, i) => shaped(t, [m, v][i].shape))
          return [dx, dmean, dvariance, ...found]
        }
        const beta0 = attrs.betaShape && tf.zeros([...attrs.betaShape])
        const given = [savedX, m, v, ...listOf({ gamma: g, beta: beta0 })]
        return tf.grads((a, mean1, variance1, ...others) =>
          composed(a, named(params, others), problem, { mean: mean1, variance: variance1 }),
        )(given, dy)
      },
    }
  })
}

const shapesOf = ({ gamma, beta }: Params) => ({ gamma: gamma?.shape, beta: beta?.shape })
const listOf = (params: Params): T[] => PARAM_NAMES.flatMap((name) => params[name] ?? [])

/** A list of those that `like` has, by name. */
function named(like: Params, list: readonly T[]): Params {
  const names = PARAM_NAMES.filter((name) => like[name])
  return Object.fromEntries(names.map((name, i) => [name, list[i]]))
}

/** The gradient on the tape. No gradient depends on beta's value. */
function pullComposed(
  compose: (x: T, params: Params) => T,
  dy: T,
  x: T,
  gamma: T | undefined,
  betaShape: readonly number[] | undefined,
): T[] {
  const params = { gamma, beta: betaShape && tf.zeros([...betaShape]) }
  return tf.grads((input, ...rest) => compose(input, named(params, rest)))([x, ...listOf(params)], dy)
}

function composed(
  x: T,
  params: Params,
  { record, dims: folded, keep, epsilon }: Problem,
  given?: Moments,
  weights?: T,
  observe?: Observe,
): T {
  const { center, scale, running } = record
  const { dims, turn, back } = gather(folded)
  const lay = (t: T, along: string): T => turn(shaped(t, spreadOf(folded, along)))
  const laid = Object.fromEntries(
    PARAM_NAMES.flatMap((name) => {
      const t = params[name]
      return t ? [[name, lay(t, record.params[name].along)]] : []
    }),
  ) as Params
  const flat = turn(shaped(x, sizesOf(folded)))
  const shares = weights && turn(weights)
  const moments = given && { mean: lay(given.mean, running!), variance: lay(given.variance, running!) }
  const seen: Observe | undefined =
    observe &&
    (({ mean, variance, total }) =>
      observe({
        mean: back(mean),
        variance: back(variance),
        total: typeof total === 'number' ? total : back(total),
      }))
  const attrs = attrsOf({ record, dims, keep, epsilon }, {}, 'own')
  let y: T
  if (scale === 'rms' || (scale === 'std' && center)) {
    const spec = { ...attrs, axes: [...attrs.cells.axes] }
    y = moments ? applyComposed(flat, laid, moments, spec) : normalizeComposed(flat, laid, spec, shares, seen)
  } else {
    const t = new TfOps(dims)
    const result = standardize(t, record, keep, flat, laid as Record<string, T>, {
      epsilon,
      weights: shares,
      given: moments,
    })
    const { mean, variance } = result
    seen?.({ mean, variance, total: shares ? t.sum(shares, keep) : t.count(flat, keep) })
    y = result.y
  }
  return shaped(back(y), x.shape)
}
