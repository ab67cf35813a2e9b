/** What comes out of the sandbox may be anything: only events of the right form go on to the page. */
import type { CellEvent } from '../events.ts'
import type { Failure } from '../sandbox/protocol.ts'

type Test = (value: unknown) => boolean

const LEVELS: readonly unknown[] = ['log', 'info', 'warn', 'error', 'debug']
const TONES: readonly unknown[] = ['with', 'without']
const isString: Test = (value) => typeof value === 'string'
const isNumber: Test = (value) => typeof value === 'number'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value)
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test)
const recordOf =
  (test: Test): Test =>
  (value) =>
    isObject(value) && Object.values(value).every(test)
const shape =
  (fields: Record<string, Test>): Test =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name]))

const param = shape({
  name: (value) => typeof value === 'string' && /^[A-Za-z]\w{0,30}$/.test(value),
  label: isString,
  initial: (value) => ['number', 'string', 'boolean'].includes(typeof value),
  min: optional(isNumber),
  max: optional(isNumber),
  step: optional(isNumber),
  choices: optional(listOf(isString)),
})

const events: Readonly<Record<string, Test>> = {
  log: shape({ level: (value) => LEVELS.includes(value), text: isString }),
  table: shape({ rows: listOf(listOf(isString)), caption: optional(isString) }),
  figure: shape({ svg: isString, narrow: optional(isString), caption: optional(isString) }),
  claim: shape({ text: isString }),
  chart: shape({
    chart: isString,
    options: shape({
      x: optional(isString),
      y: optional(isString),
      yScale: optional((value) => value === 'linear' || value === 'log'),
      tones: optional(recordOf((value) => TONES.includes(value))),
    }),
  }),
  point: shape({ chart: isString, x: isNumber, y: recordOf(isNumber) }),
  progress: shape({ done: isNumber, of: isNumber }),
  param: shape({ param }),
  tolerance: shape({ relative: isNumber }),
}

export const isEvent = (value: unknown): value is CellEvent =>
  isObject(value) &&
  typeof value.type === 'string' &&
  Object.hasOwn(events, value.type) &&
  events[value.type](value)

const place = shape({ line: isNumber, column: isNumber })

export function failureFrom(value: unknown): Failure {
  const good = isObject(value) && isString(value.name) && isString(value.message)
  if (!good) return { name: 'Error', message: 'The cell failed without saying why' }
  const { name, message } = value as unknown as Failure
  return {
    name: name.slice(0, 100),
    message: message.slice(0, 5000),
    ...(place(value.place) ? { place: value.place as Failure['place'] } : {}),
  }
}
