/** Turns a record of a dropout relative into its forward and backward. */
import { layBroadcast, planCall, resolveOptions } from './boundary.ts'
import { NormlabError, show } from './errors.ts'
import { cellOffsets, elementOffsets } from './offsets.ts'
import { parsePattern } from './pattern.ts'
import type { Binding, Plan } from './plan.ts'
import { randomWords, type Seed } from './random.ts'
import { checkTensor, type FloatArray, type Tensor } from './tensor.ts'
import type { NoiseRecord } from './variant.ts'

export interface NoiseOptions extends Binding, Seed {
  /** Dropped fraction, 0 to 1. */
  rate?: number
  /** True (default) draws; false is the identity. */
  training?: boolean
  /** 1 keeps, 0 drops: used instead of a draw. Of x's shape or broadcastable to it. */
  mask?: Tensor
}

/** What backward needs: the mask is drawn again, not kept. */
export interface SavedNoise {
  readonly plan: Plan
  /** @internal */ readonly call: {
    record: NoiseRecord
    x: Tensor
    options: Record<string, unknown>
    training: boolean
  }
}

export type Noise<R extends NoiseRecord = NoiseRecord> = R & {
  readonly kind: 'noise'
  /**
   * Kept elements are divided by 1 - rate; dropped ones are exactly 0, NaN and infinite ones too. Rate 1 drops all.
   * The same seed, step and shape give the same mask everywhere.
   * @throws NormlabError naming the argument.
   */
  forward(
    x: Tensor,
    params?: Readonly<Record<string, never>>,
    options?: NoiseOptions,
  ): { y: Tensor; saved: SavedNoise }
  backward(dy: Tensor, saved: SavedNoise): { dx: Tensor }
  with(options: NoiseOptions): Noise<R>
  plan(shape: readonly number[], options?: NoiseOptions): Plan
  /** The mask that forward draws: 1 keeps, 0 drops, one entry a cell of the mask pattern. */
  draw(shape: readonly number[], options?: NoiseOptions): Float32Array
}

const KNOWN = ['seed', 'step', 'training', 'mask']

/** Makes a dropout relative from its record. */
/* @__NO_SIDE_EFFECTS__ */
export function noise<const R extends NoiseRecord>(record: R): Noise<R> {
  parsePattern(record.mask)
  if (record.cases.length === 0)
    throw new NormlabError('cases', `${record.name} has none`, 'Give at least one: cases: [{}]')
  return build(record, {})
}

function build<R extends NoiseRecord>(record: R, defaults: NoiseOptions): Noise<R> {
  const resolve = (options: NoiseOptions = {}) =>
    resolveOptions(
      record,
      options === null || typeof options !== 'object' ? options : { ...defaults, ...options },
      KNOWN,
    )
  return {
    ...record,
    kind: 'noise',
    forward(x: Tensor, params: object = {}, given: NoiseOptions = {}) {
      checkTensor('x', x)
      if (Object.keys(params ?? {}).length > 0)
        throw new NormlabError('params', `${record.name} has no parameters`, 'Give {}')
      const options = resolve(given)
      const plan = planCall(record.mask, x.shape, options)
      const saved: SavedNoise = { plan, call: { record, x, options, training: options.training !== false } }
      return { y: apply(x, saved), saved }
    },
    backward(dy: Tensor, saved: SavedNoise) {
      checkTensor('dy', dy)
      if (saved?.call?.record !== record)
        throw new NormlabError(
          'saved',
          `it is not from ${record.name}.forward`,
          "Give the saved of this variant's own forward",
        )
      if (String(dy.shape) !== String(saved.call.x.shape))
        throw new NormlabError(
          'dy.shape',
          show([...dy.shape]),
          `Give y's shape, ${show([...saved.call.x.shape])}`,
        )
      return { dx: apply(dy, saved) }
    },
    with: (options: NoiseOptions) => build(record, { ...defaults, ...options }),
    plan: (shape: readonly number[], options?: NoiseOptions) =>
      planCall(record.mask, shape, resolve(options)),
    draw(shape: readonly number[], options?: NoiseOptions) {
      const resolved = resolve(options)
      return drawMask(planCall(record.mask, shape, resolved).cells, resolved)
    },
  } as unknown as Noise<R>
}

/** Keeps where the word is at least rate 2^32, so that rate 0 keeps all and rate 1 drops all. */
function drawMask(cells: number, options: Readonly<Record<string, unknown>>): Float32Array {
  const threshold = Math.round((options.rate as number) * 2 ** 32)
  return Float32Array.from(randomWords(cells, options as Seed), (word) => (word >= threshold ? 1 : 0))
}

/** Linear in its input, so forward and backward are the same. */
function apply(x: Tensor, { plan, call: { options, training } }: SavedNoise): Tensor {
  const rate = options.rate as number
  const data = x.data.slice() as FloatArray
  const result = { data, shape: [...x.shape] }
  if (!training) return result
  const scale = rate < 1 ? 1 / (1 - rate) : 0
  if (options.mask !== undefined) {
    const { data: mask } = layBroadcast('mask', options.mask, plan)
    for (let i = 0; i < data.length; i++) data[i] = mask[i] === 0 ? 0 : data[i] * mask[i] * scale
    return result
  }
  const mask = drawMask(plan.cells, options)
  const at = elementOffsets(plan)
  cellOffsets(plan).forEach((origin, cell) => {
    for (const offset of at) data[origin + offset] = mask[cell] ? data[origin + offset] * scale : 0
  })
  return result
}
