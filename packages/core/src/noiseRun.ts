/** Draws, and what noise does with them. */
import { initialValues, spreadAlong, type Laid } from './boundary.ts'
import { fastDropout } from './kernels/dropout.ts'
import { cellOffsets, elementOffsets } from './offsets.ts'
import { product, type Plan } from './plan.ts'
import { bernoulli, randomNormals, randomWords, type Seed } from './random.ts'
import { Reference, type Value } from './reference.ts'
import type { FloatArray, Tensor } from './tensor.ts'
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

const like = (x: Tensor, data: ArrayLike<number>): Tensor => {
  const typed: FloatArray =
    x.data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length)
  typed.set(data)
  return { data: typed, shape: [...x.shape] }
}

/** Inverted dropout of `x`: kept elements are divided by 1 - rate. Linear. */
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

export function runNoise(call: NoiseCall, plan: Plan): { y: Tensor; backward: Backward } {
  const { record, x, options, training } = call
  const forward = training ? record.apply : record.infer
  if (training && !forward)
    return { y: dropInto(x, call, plan), backward: (dy) => ({ dx: dropInto(dy, call, plan) }) }
  if (!forward) return { y: like(x, x.data), backward: (dy) => ({ dx: like(x, dy.data) }) }
  const t = new Reference(plan.dims)
  const sizes = plan.dims.map((dim) => dim.size)
  const leaf = t.leaf(x.data, sizes)
  const given = Object.fromEntries(
    Object.entries(call.params).map(([name, { data, spread }]) => [name, t.leaf(data, spread)]),
  )
  const params: Record<string, Value> = { ...initial(t, record, plan), ...given }
  const y =
    record.apply && training
      ? record.apply(t, leaf, drawn(t, call, plan), params, options)
      : record.infer!(t, leaf, params, options)
  return {
    y: like(x, y.data),
    backward: (dy) => {
      const names = Object.keys(given)
      const [dx, ...rest] = t.gradients(y, t.leaf(dy.data, sizes), [leaf, ...Object.values(given)])
      const gradients = names.map((name, i) => [
        `d${name}`,
        { ...like(x, rest[i].data), shape: [...call.given[name].shape] },
      ])
      return { ...Object.fromEntries(gradients), dx: like(x, dx.data) }
    },
  }
}

function drawn(t: Reference, { record, options, mask }: NoiseCall, plan: Plan): Value {
  if (mask) return t.leaf(mask.data, mask.spread)
  const spread = plan.dims.map((dim) => (dim.kept ? dim.size : 1))
  return t.leaf(drawFor(record, plan.cells, options), spread)
}

function initial(t: Reference, record: NoiseRecord, plan: Plan): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record.params).map(([name, param]) => {
      const spread = spreadAlong(plan, param.along)
      return [name, t.leaf(initialValues(param, product(spread)), spread)]
    }),
  )
}
