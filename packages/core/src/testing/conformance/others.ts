/** Ops beyond the six classics: windows, lengths, weights, other dropouts. */
import { NormlabError } from '../../errors.ts'
import { norm } from '../../norm.ts'
import type { Noise } from '../../noise.ts'
import type { AnyNorm } from '../../normTypes.ts'
import type { Tensor } from '../../tensor.ts'
import { gain } from '../../variant.ts'
import {
  alphaDropout,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  l2Norm,
  localResponseNorm,
  lpNorm,
  meanVarianceNorm,
  selu as seluNorm,
  spatialDropout,
  spectralNorm,
  variationalDropout,
  weightNorm,
} from '../../variants/index.ts'
import { named, single } from './onnx.ts'
import { number, serveNorm, type Adapter, type Arrays, type Question, type Served } from './serve.ts'

const any = (variant: unknown): AnyNorm => variant as AnyNorm

/** PyTorch's `dim=None`: one length for all weights. */
const wholeWeightNorm = any(norm({ ...weightNorm, stats: 'o i ->', params: gain('') }))

export function need({ operand }: Question, name: string): Tensor {
  const value = operand(name)
  if (!value) throw new NormlabError(name, 'the case has no such input', 'Give it')
  return value
}

/** Even windows lean back in PyTorch (c - size/2) and forward in ONNX (c + size/2). */
function windowOf({ attrs, entry }: Question): { before: number; after: number } {
  if (typeof attrs.radius === 'number') return { before: attrs.radius, after: attrs.radius }
  const size = number(attrs.size, 5)
  const short = Math.floor((size - 1) / 2)
  const long = Math.floor(size / 2)
  const leansForward =
    entry.op === 'LRN' ||
    String(attrs.window ?? '')
      .replaceAll(' ', '')
      .startsWith('c-(size-1)//2')
  return leansForward ? { before: short, after: long } : { before: long, after: short }
}

const localResponse = (question: Question, x: Tensor, k: number, name: (y: Tensor) => Arrays): Served => {
  const { attrs, entry } = question
  const divided = entry.op === 'LRN' || attrs.alpha_divided_by_size === true
  const alpha =
    (entry.op === 'LRN' ? single : number)(attrs.alpha, 1e-4) / (divided ? number(attrs.size, 5) : 1)
  const options = { ...windowOf(question), alpha, beta: number(attrs.beta, 0.75), k, axis: attrs.axis ?? 1 }
  return serveNorm(any(localResponseNorm), x, {}, options, ({ y }) => name(y))
}

const lengths =
  (
    epsilon: (question: Question) => number,
    input: (question: Question) => Tensor,
    name: (question: Question, y: Tensor) => Arrays,
  ): Adapter =>
  (question) => {
    const { attrs } = question
    const x = input(question)
    const rank = x.shape.length
    const axis = (number(attrs.axis, -1) + rank) % rank
    // All other axes are batch or space: each index has a length of its own.
    const axes = { n: [], s: x.shape.map((_, i) => i).filter((i) => i !== axis), c: axis }
    return serveNorm(
      any(lpNorm),
      x,
      {},
      { axes, p: number(attrs.p, 2), epsilon: epsilon(question) },
      ({ y }) => name(question, y),
    )
  }

/** One axis, or several that share a length. */
const unitLength: Adapter = (question) => {
  const x = need(question, 'x')
  const rank = x.shape.length
  const listed = [question.attrs.axis ?? -1].flat() as number[]
  const c = listed.map((axis) => (axis + rank) % rank)
  const axes = { n: [], s: x.shape.map((_, i) => i).filter((i) => !c.includes(i)), c }
  const options = { axes, epsilon: number(question.attrs.eps, 1e-12) }
  return serveNorm(any(l2Norm), x, {}, options, ({ y }) => ({ y: y.data }))
}

const meanVariance: Adapter = (question) => {
  const x = question.input(0)!
  const rank = x.shape.length
  const reduced = ((question.attrs.axes as number[] | undefined) ?? [0, 2, 3]).map(
    (axis) => (axis + rank) % rank,
  )
  const axes = { n: reduced, s: [], c: x.shape.map((_, i) => i).filter((i) => !reduced.includes(i)) }
  return serveNorm(any(meanVarianceNorm), x, {}, { axes }, ({ y }) => named(question, [y.data]))
}

/** Gradients under the case's names for the operands. */
const renamed = (served: Served, names: Readonly<Record<string, string>>): Served => ({
  ...served,
  backward: (dy) => {
    const gradients = served.backward!(dy)
    return Object.fromEntries(Object.entries(names).map(([to, from]) => [to, gradients[from]]))
  },
})

const weight: Adapter = (question) => {
  const { dim } = question.attrs
  const v = need(question, 'v')
  const g = need(question, 'g')
  const whole = dim === null || dim === undefined || dim === -1
  const variant = whole ? wholeWeightNorm : any(weightNorm)
  const options = whole ? {} : { axis: dim }
  const gamma = { data: g.data, shape: variant.paramShape('gamma', v.shape, options) }
  return renamed(
    serveNorm(variant, v, { gamma }, options, ({ y }) => ({ w: y.data })),
    { dv: 'dx', dg: 'dgamma' },
  )
}

const spectral: Adapter = (question) => {
  const { attrs, operand } = question
  const w = need(question, 'w')
  const rank = w.shape.length
  const dim = (number(attrs.dim, 0) + rank) % rank
  const rest = w.shape.map((_, i) => i).filter((i) => i !== dim)
  // PyTorch's parametrization begins with u <- W v: the same iteration with W transposed and the vectors exchanged.
  const [o, i, first, second] = attrs.order === 'u first' ? [rest, dim, 'v', 'u'] : [dim, rest, 'u', 'v']
  const options = {
    axes: { o, i },
    iterations: number(attrs.n_power_iterations, 1),
    epsilon: number(attrs.eps, 1e-12),
    training: attrs.training !== false,
  }
  const initial = any(spectralNorm).initState(w.shape, options) as unknown as Record<string, Tensor>
  // The second vector may be absent: each iteration computes it from the first.
  const b = operand(second)
  const state = {
    u: { data: need(question, first).data, shape: initial.u.shape },
    v: b ? { data: b.data, shape: initial.v.shape } : initial.v,
    count: 0,
  }
  const served = serveNorm(any(spectralNorm), w, {}, { ...options, state }, ({ y, state: next }) => {
    const { u, v } = (next ?? state) as unknown as Record<string, Tensor>
    return { w_sn: y.data, [first]: u.data, [second]: v.data }
  })
  return renamed(served, { dw: 'dx' })
}

/** The case brings its draw, in `operand`; `size` is the option that says how much of it there is. */
const withDraw =
  (variant: Noise, operand: 'mask' | 'noise' = 'mask', size: 'rate' | 'stddev' = 'rate'): Adapter =>
  (question) => {
    const { attrs } = question
    const x = need(question, 'x')
    const options = {
      [size]: number(attrs[size], 0.5),
      mask: need(question, operand),
      training: attrs.training !== false,
    }
    const result = variant.forward(x, {}, options)
    return {
      outputs: { y: result.y.data },
      backward: (dy) => ({ dx: variant.backward(dy, result.saved).dx.data }),
    }
  }

export const otherAdapters: Readonly<Record<string, Adapter>> = {
  LRN: (question) =>
    localResponse(question, question.input(0)!, number(question.attrs.bias, 1), (y) =>
      named(question, [y.data]),
    ),
  lrn: (question) =>
    localResponse(question, need(question, 'x'), number(question.attrs.k, 1), (y) => ({ y: y.data })),
  LpNormalization: lengths(
    () => 0,
    ({ input }) => input(0)!,
    (question, y) => named(question, [y.data]),
  ),
  lp_normalize: lengths(
    ({ attrs }) => number(attrs.eps, 1e-12),
    (question) => need(question, 'x'),
    (_, y) => ({ y: y.data }),
  ),
  MeanVarianceNormalization: meanVariance,
  weight_norm: weight,
  spectral_norm: spectral,
  unit_norm: unitLength,
  selu: (question) => serveNorm(any(seluNorm), need(question, 'x'), {}, {}, ({ y }) => ({ y: y.data })),
  alpha_dropout: withDraw(alphaDropout as unknown as Noise),
  feature_alpha_dropout: withDraw(featureAlphaDropout as unknown as Noise),
  spatial_dropout: withDraw(spatialDropout as unknown as Noise),
  variational_dropout: withDraw(variationalDropout as unknown as Noise),
  gaussian_dropout: withDraw(gaussianDropout as unknown as Noise, 'noise'),
  gaussian_noise: withDraw(gaussianNoise as unknown as Noise, 'noise', 'stddev'),
}
