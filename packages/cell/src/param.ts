import { NormlabError } from '@normlab/core'
import { host } from './current.ts'
import type { Param, ParamValue } from './events.ts'
import { inspect } from './text.ts'

interface Labelled {
  /** What stands beside the control. Default: the name. */
  readonly label?: string
}
export interface NumberParam extends Labelled {
  readonly min: number
  readonly max: number
  /** Default: 1 where initial, min and max are whole numbers, else any. */
  readonly step?: number
}
export interface ChoiceParam<T extends string> extends Labelled {
  readonly choices: readonly T[]
}

/**
 * A value that the reader may change beside the code. Returns what is set: the initial value, until somebody changes it.
 * @throws NormlabError naming `name` or `initial`.
 */
export function param(name: string, initial: number, options: NumberParam): number
export function param<T extends string>(name: string, initial: NoInfer<T>, options: ChoiceParam<T>): T
export function param(name: string, initial: boolean, options?: Labelled): boolean
export function param(
  name: string,
  initial: ParamValue,
  options: Partial<NumberParam & ChoiceParam<string>> = {},
): ParamValue {
  if (typeof name !== 'string' || !/^[A-Za-z]\w{0,30}$/.test(name))
    throw new NormlabError('name', inspect(name, 1), 'Give a letter, then at most 30 letters, digits and _')
  const { label = name, min, max, step, choices } = options
  const whole = [initial, min, max].every(Number.isInteger)
  const made: Param = {
    name,
    label,
    initial,
    ...(typeof initial === 'number' ? { min, max, ...(step || whole ? { step: step ?? 1 } : {}) } : {}),
    ...(typeof initial === 'string' ? { choices } : {}),
  }
  if (!fits(made, initial))
    throw new NormlabError(
      'initial',
      inspect(initial, 1),
      'Give a number from min to max, one of choices, or a boolean',
    )
  host().emit({ type: 'param', param: made })
  const chosen = host().chosen(name)
  return fits(made, chosen) ? chosen : initial
}

/** True when the value is one that the parameter takes: a link may hold anything. */
export function fits({ initial, min, max, choices }: Param, value: unknown): value is ParamValue {
  if (typeof value !== typeof initial) return false
  if (typeof value === 'number') return Number.isFinite(value) && value >= min! && value <= max!
  return typeof value === 'string' ? choices?.includes(value) === true : typeof value === 'boolean'
}
