/** Draws, and what noise does with them. */
import type { Laid } from './boundary.ts'
import { allParams, gradients, mapValues } from './initial.ts'
import { fastDropout } from './kernels/dropout.ts'
import { cellOffsets, elementOffsets } from './offsets.ts'
import type { Plan } from './plan.ts'
import { bernoulli, randomNormals, randomWords, type Seed } from './random.ts'
import { Reference, type Value } from './reference.ts'
import { tensorLike, type Tensor } from './tensor.ts'
import type { NoiseRecord } from './variant.ts'

/** A checked call. */
export interface NoiseCall {
  readonly record: NoiseRecord
  readonly x: Tensor
  readonly options: Readonly<Record<string, unknown>>
  readonly params: Readonly<Record<string, Laid>>
  readonly given: Readonly<Record<string, Tensor>>
  readonly mask: Laid | undefined
  readonly training: boolean
}

type Backward = (dy: Tensor) => { dx: Tensor } & Record<string, Tensor>

/** One value a cell: 1 or 0 (see `bernoulli`), N(0, 1) or uniform. */
export function drawFor(
  { distribution }: NoiseRecord,
  cells: number,
  options: Readonly<Record<string, unknown>>,
): Float32Array {
  const { seed, step, rate } = options as Seed & { rate?: number }
  if (distribution === 'normal') return new Float32Array(randomNormals(cells, { seed, step }))
  if (distribution === 'bernoulli') return new Float32Array(bernoulli(cells, rate ?? 0, { seed, step }))
  const words = randomWords(cells, { seed, step })
  return Float32Array.from(words, (word) => ((word >>> 8) + 0.5) / 2 ** 24)
}

const like = (x: Tensor, data: ArrayLike<number>): Tensor => tensorLike(x, data, x.shape)

/** In training a record without a forward of its own is linear: backward is the forward of dy, with the same mask. */
export const isLinear = ({ record, training }: NoiseCall): boolean => training && !record.apply

/** Inverted dropout of `x`: kept elements are divided by 1 - rate. */
export function dropInto(x: Tensor, { record, options, mask }: NoiseCall, plan: Plan): Tensor {
  const rate = options.rate as number
  const scale = rate < 1 ? 1 / (1 - rate) : 0
  const fast = mask ? null : fastDropout(x, rate, options, plan)
  if (fast) return fast
  const result = like(x, x.data)
  const { data } = result
  if (mask) {
    for (let i = 0; i < data.length; i++) data[i] = mask.data[i] === 0 ? 0 : data[i] * mask.data[i] * scale
    return result
  }
  const kept = drawFor(record, plan.cells, options)
  if (plan.cells === plan.size) {
    for (let i = 0; i < data.length; i++) data[i] = kept[i] ? data[i] * scale : 0
    return result
  }
  const at = elementOffsets(plan)
  cellOffsets(plan).forEach((origin, cell) => {
    for (const offset of at) data[origin + offset] = kept[cell] ? data[origin + offset] * scale : 0
  })
  return result
}

/** Of records with a forward of their own, and of all at inference. */
export function runNoise(call: NoiseCall, plan: Plan): { y: Tensor; backward: Backward } {
  const { record, x, options, training } = call
  if (!training && !record.infer) return { y: like(x, x.data), backward: (dy) => ({ dx: like(x, dy.data) }) }
  const t = new Reference(plan.dims)
  const sizes = plan.dims.map((dim) => dim.size)
  const leaf = t.leaf(x.data, sizes)
  const params = mapValues(allParams(call, plan), ({ data, spread }) => t.leaf(data, spread))
  const y = training
    ? record.apply!(t, leaf, drawn(t, call, plan), params, options)
    : record.infer!(t, leaf, params, options)
  return {
    y: like(x, y.data),
    backward: (dy) => {
      const leaves = [leaf, ...Object.values(params)]
      const pulled = t.gradients(y, t.leaf(dy.data, sizes), leaves)
      const of = mapValues(params, (value) => pulled[leaves.indexOf(value)].data)
      return { ...gradients(call, of), dx: like(x, pulled[0].data) }
    },
  }
}

function drawn(t: Reference, { record, options, mask }: NoiseCall, plan: Plan): Value {
  if (mask) return t.leaf(mask.data, mask.spread)
  const spread = plan.dims.map((dim) => (dim.kept ? dim.size : 1))
  return t.leaf(drawFor(record, plan.cells, options), spread)
}
