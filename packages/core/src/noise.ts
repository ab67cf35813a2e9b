/** Turns a record of a dropout relative into its forward and backward. */
import {
  checkPull,
  layBroadcast,
  layParams,
  planCall,
  resolveOptions,
  shapeOfParam,
  type Laid,
} from './boundary.ts'
import { serveBrackets } from './brackets.ts'
import { entryOf, isConvention, type Convention } from './convention.ts'
import { drawFor, dropInto, isLinear, runNoise, type NoiseCall } from './noiseRun.ts'
import { parsePattern } from './pattern.ts'
import type { Binding, Plan } from './plan.ts'
import type { Seed } from './random.ts'
import { checkTensor, sameList, type Tensor } from './tensor.ts'
import type { NoiseDefinition, NoiseRecord } from './variant.ts'

export interface NoiseOptions extends Binding, Seed {
  /** Dropped fraction, 0 to 1. */
  rate?: number
  /** True (default) draws; false is inference. */
  training?: boolean
  /** Used instead of a draw; for dropout 1 keeps, 0 drops. Of x's shape or broadcastable to it. */
  mask?: Tensor
  /** What else the record has. */
  [option: string]: unknown
}

/** What backward needs: the draw is made again, not kept. */
export interface SavedNoise {
  readonly plan: Plan
  /** @internal */ readonly call: NoiseCall
}

type Params = Readonly<Record<string, Tensor>>

export type Noise<R extends NoiseDefinition = NoiseRecord> = Omit<NoiseRecord, keyof R> &
  R & {
    readonly kind: 'noise'
    /**
     * In dropout kept elements are divided by 1 - rate; dropped ones are exactly 0, NaN and infinite ones too.
     * The same seed, step and shape draw the same everywhere.
     * @throws NormlabError naming the argument.
     */
    forward(x: Tensor, params?: Params, options?: NoiseOptions): { y: Tensor; saved: SavedNoise }
    /** Gradients of <y, dy>: `dx`, and `d` + the name of each parameter that forward was given. */
    backward(dy: Tensor, saved: SavedNoise): { dx: Tensor } & { readonly [name: string]: Tensor }
    with(options: NoiseOptions | Convention): Noise<R>
    plan(shape: readonly number[], options?: NoiseOptions): Plan
    /** The draw of forward, one entry a cell of the mask pattern: for dropout 1 keeps, 0 drops. */
    draw(shape: readonly number[], options?: NoiseOptions): Float32Array
    /** Shape of a parameter for an x of this shape. */
    paramShape(name: string, shape: readonly number[], options?: NoiseOptions): number[]
  }

const KNOWN = ['seed', 'step', 'training', 'mask']

/** Makes a dropout relative from its record. */
/* @__NO_SIDE_EFFECTS__ */
export function noise<const R extends NoiseDefinition>(definition: R): Noise<R> {
  const record: NoiseRecord = { params: {}, ...definition }
  serveBrackets()
  parsePattern(record.mask)
  return build(record, {}) as unknown as Noise<R>
}

function build(record: NoiseRecord, defaults: NoiseOptions): Noise {
  const resolve = (options: NoiseOptions = {}) =>
    resolveOptions(
      record,
      options === null || typeof options !== 'object' ? options : { ...defaults, ...options },
      KNOWN,
    )
  let last: { plan: Plan; by: unknown[] } | undefined
  const planFor = (shape: readonly number[], options: Record<string, unknown>) => {
    const { axis, axes, layout } = options
    // Lists may change under our hands.
    if (axes !== undefined || typeof axis === 'object') return planCall(record.mask, shape, options)
    const by = [axis, layout, ...Object.keys(record.options).map((name) => options[name])]
    if (!last || !sameList(shape, last.plan.shape) || by.some((value, i) => value !== last!.by[i]))
      last = { plan: planCall(record.mask, shape, options), by }
    return last.plan
  }
  return {
    ...record,
    kind: 'noise',
    forward(x: Tensor, params: Params = {}, given: NoiseOptions = {}) {
      checkTensor('x', x)
      const options = resolve(given)
      const plan = planFor(x.shape, options)
      const laid: Record<string, Laid> = layParams(record, params, plan)
      const mask = options.mask === undefined ? undefined : layBroadcast('mask', options.mask, plan)
      const call = {
        record,
        x,
        options,
        params: laid,
        given: params,
        mask,
        training: options.training !== false,
      }
      const y = isLinear(call) ? dropInto(x, call, plan) : runNoise(call, plan).y
      return { y, saved: { plan, call } }
    },
    backward(dy: Tensor, saved: SavedNoise) {
      checkPull(record, dy, saved)
      const { call, plan } = saved
      return isLinear(call) ? { dx: dropInto(dy, call, plan) } : runNoise(call, plan).backward(dy)
    },
    with: (options: NoiseOptions | Convention) =>
      build(record, {
        ...defaults,
        ...(isConvention(options) ? entryOf(options, record.name).options : resolve(options) && options),
      }),
    plan: (shape: readonly number[], options?: NoiseOptions) => planFor(shape, resolve(options)),
    draw(shape: readonly number[], options?: NoiseOptions) {
      const resolved = resolve(options)
      return drawFor(record, planFor(shape, resolved).cells, resolved)
    },
    paramShape: (name: string, shape: readonly number[], options?: NoiseOptions) =>
      shapeOfParam(record, name, () => planFor(shape, resolve(options))),
  }
}
