/** Turns a record of a normalization into its forward and backward. */
import { planCall, resolveOptions, shapeAlong } from './boundary.ts'
import { prepare, type Saved } from './call.ts'
import { entryOf, isConvention, type Convention } from './convention.ts'
import { checkOptions, NormlabError, show } from './errors.ts'
import { formulaOf } from './formula.ts'
import type { AnyNorm, Norm } from './normTypes.ts'
import { parsePattern, type Pattern } from './pattern.ts'
import type { Plan } from './plan.ts'
import { pull, run } from './run.ts'
import { initialState, stateParams, type RunningState } from './running.ts'
import { checkTensor, type Tensor } from './tensor.ts'
import type { NormDefinition, NormRecord } from './variant.ts'

/** Patternless variants still name axes: statistics over nothing. */
export const POINTWISE = 'n s c -> n s c'

/**
 * Makes a normalization from its record.
 * @throws NormlabError when the record contradicts itself.
 */
/* @__NO_SIDE_EFFECTS__ */
export function norm<const R extends NormDefinition>(definition: R): Norm<R> {
  checkOptions('definition', definition)
  if (typeof definition.name !== 'string')
    throw new NormlabError('name', show(definition.name), 'Give the name as in the paper')
  const record = complete(definition)
  checkRecord(record)
  return build(record, {}) as unknown as Norm<R>
}

function complete(definition: NormDefinition): NormRecord {
  for (const field of ['params', 'options', 'ships'] as const)
    if (definition[field] !== undefined) checkOptions(field, definition[field])
  const own = definition.apply !== undefined
  const filled = {
    center: !own,
    scale: own ? ('none' as const) : ('std' as const),
    params: {},
    cases: [{}],
    ships: {},
    ...definition,
    options: {
      ...(definition.options ?? (own ? {} : { epsilon: 1e-5 })),
      ...(definition.running === undefined
        ? {}
        : { decay: 0.9, ...(own ? {} : { variance: 'biased' }), ...definition.options }),
    },
  }
  const formula = definition.formula ?? (own ? `y = \\mathrm{${definition.name}}(x)` : formulaOf(filled))
  return { ...filled, formula }
}

function checkRecord(record: NormRecord): void {
  const pattern = parsePattern(record.stats ?? POINTWISE)
  if (record.cases.length === 0)
    throw new NormlabError('cases', `${record.name} has none`, 'Give at least one: cases: [{}]')
  if (record.stats === null && !record.apply)
    throw new NormlabError('stats', `${record.name} has neither cells nor apply`, 'Give one of them')
  if (record.running && !record.apply && !record.running.split(' ').every((name) => isKept(pattern, name)))
    throw new NormlabError(
      'running',
      `${show(record.running)} is not kept by ${show(record.stats)}`,
      'Keep running statistics along axes that the statistics keep',
    )
}

function isKept({ axes, keep }: Pattern, name: string): boolean {
  const whole = axes.find((axis) => axis.name === name)
  return keep.includes(name) || (whole !== undefined && whole.parts.every((part) => keep.includes(part)))
}

type Options = Readonly<Record<string, unknown>>

function build(record: NormRecord, defaults: Options): AnyNorm {
  const known = [
    ...(stateParams(record) ? ['training', 'state'] : []),
    ...(record.running ? ['decay'] : []),
    // A forward of its own makes its own state.
    ...(record.running && !record.apply ? ['variance'] : []),
    ...(record.weights ? ['weights'] : []),
  ]
  const resolve = (options: Options = {}): Record<string, unknown> => {
    if (options === null || typeof options !== 'object') return resolveOptions(record, options, known)
    const { axis, axes, layout, ...others } = defaults
    const rebinds = ['axis', 'axes', 'layout'].some((name) => options[name] !== undefined)
    return resolveOptions(
      record,
      { ...others, ...(rebinds ? {} : { axis, axes, layout }), ...options },
      known,
    )
  }
  const planFor = (shape: readonly number[], options: Options): Plan =>
    planCall(record.stats ?? POINTWISE, shape, options)
  return {
    ...record,
    kind: 'norm',
    forward(x: Tensor, params = {}, given = {}) {
      checkTensor('x', x)
      const options = resolve(given)
      const plan = planFor(x.shape, options)
      return run(prepare(record, plan, x, params, options), plan) as ReturnType<AnyNorm['forward']>
    },
    backward: (dy: Tensor, saved: Saved) => pull(record, dy, saved) as Record<string, Tensor>,
    with(options: Options | Convention) {
      checkOptions('with', options)
      if (!isConvention(options)) return build(record, { ...defaults, ...options })
      const { options: own, record: fields } = entryOf(options, record.name)
      return build({ ...record, ...fields }, { ...defaults, ...own })
    },
    plan: (shape: readonly number[], options: Options = {}) => planFor(shape, resolve(options)),
    paramShape(name: string, shape: readonly number[], options: Options = {}) {
      const param = record.params[name]
      if (!param)
        throw new NormlabError(
          'name',
          `${record.name} has no parameter ${show(name)}`,
          `It has ${Object.keys(record.params).join(', ') || 'none'}`,
        )
      return shapeAlong(planFor(shape, resolve(options)), param.along)
    },
    initState(shape: readonly number[], options: Options = {}) {
      if (!stateParams(record))
        throw new NormlabError('state', `${record.name} keeps no state`, 'Leave the state out')
      return initialState(planFor(shape, resolve(options)), record) as unknown as RunningState
    },
  }
}
