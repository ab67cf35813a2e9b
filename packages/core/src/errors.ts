/** The one error class of the project, so that callers can tell a refused input from a crash. */
export class NormlabError extends Error {
  override name = 'NormlabError'
  /** The name of the argument that was refused, as the caller wrote it. */
  readonly argument: string

  constructor(argument: string, got: string, remedy: string) {
    super(`${argument}: ${got}. ${remedy}`)
    this.argument = argument
  }
}

/** @throws NormlabError when an argument that should hold values by name does not. */
export function checkOptions(
  argument: string,
  value: unknown,
  remedy = 'Give options by name',
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NormlabError(argument, `expected an object, got ${show(value)}`, remedy)
}

/** What a number may be, ends included; a step of 1 allows whole numbers alone. Infinity is never one of them. */
export type Range = readonly [least?: number, step?: number, most?: number]

/** @throws NormlabError for what is no number, or none of the range. */
export function checkNumber(
  argument: string,
  value: unknown,
  [least = -Infinity, step, most = Infinity]: Range = [],
): asserts value is number {
  const number = value as number
  if (!(Number.isFinite(number) && number >= least && number <= most && !(number % step!))) {
    const ends = least > -Infinity ? ` from ${least} ${most < Infinity ? `to ${most}` : 'up'}` : ''
    throw new NormlabError(argument, `${show(value)} is no ${step ? 'whole ' : ''}number${ends}`, 'Give one')
  }
}

/** A short printable form of any value, for error messages. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Float32Array).length})`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    return keys.length ? `{ ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''} }` : '{}'
  }
  return typeof value === 'symbol' ? value.toString() : String(value)
}
