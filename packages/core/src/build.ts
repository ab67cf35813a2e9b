/** A record in use: its fields, and what a runner makes of them. */
import { checkPull, planCall, resolveOptions, shapeOfParam } from './boundary.ts'
import type { Saved } from './call.ts'
import { entryOf, isConvention, type Convention } from './convention.ts'
import { Memo } from './memo.ts'
import type { AnyNorm } from './normTypes.ts'
import { POINTWISE } from './record.ts'
import type { Bound, Runner } from './run.ts'
import type { RunningState } from './running.ts'
import { checkTensor, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

type Options = Readonly<Record<string, unknown>>
const NONE: Readonly<Record<string, never>> = {}

export function build(record: NormRecord, runner: Runner, defaults: Options = NONE): AnyNorm {
  const known = runner.known(record)
  const memo = new Memo<Bound>()
  const resolve = (options: Options) => {
    const all = resolveOptions(record, options, known)
    runner.check?.(all)
    return all
  }
  const bind = (shape: readonly number[], given: Options = NONE): Bound => {
    // A call's own binding takes the place of the default one.
    const binds = given?.axis ?? given?.axes ?? given?.layout
    const { axis, axes, layout } = binds === undefined ? defaults : NONE
    const all = resolve(
      given && typeof given === 'object' ? { ...defaults, axis, axes, layout, ...given } : given,
    )
    // Those of one call are not kept with the others.
    const { state: _state, weights: _weights, ...options } = all
    return { record, plan: planCall(record.stats ?? POINTWISE, shape, options), options }
  }
  return {
    ...record,
    kind: 'norm',
    forward(x: Tensor, params = NONE, given = NONE) {
      let bound = memo.find(x, given)
      if (!bound) {
        checkTensor('x', x)
        bound = memo.keep(given, bind(x.shape, given))
      }
      const { state = defaults.state, weights = defaults.weights } = given
      return runner.forward(bound, x, params, state, weights) as ReturnType<AnyNorm['forward']>
    },
    backward(dy: Tensor, saved: Saved) {
      checkPull(record, dy, saved)
      return runner.backward(dy, saved) as Record<string, Tensor>
    },
    with(options: Options | Convention) {
      if (!isConvention(options)) {
        resolve(options)
        return build(record, runner, { ...defaults, ...options })
      }
      const { options: own, record: fields } = entryOf(options, record.name)
      return build({ ...record, ...fields }, runner, { ...defaults, ...own })
    },
    plan: (shape: readonly number[], options?: Options) => bind(shape, options).plan,
    paramShape: (name: string, shape: readonly number[], options?: Options) =>
      shapeOfParam(record, name, () => bind(shape, options).plan),
    initState: (shape: readonly number[], options?: Options) =>
      runner.initState(bind(shape, options)) as RunningState,
  }
}
