/** Values as a console prints them, the same in every engine. Float32 elements get the digits that they hold. */

const DEPTH = 4
const ITEMS = 100
const LENGTH = 10_000

export const minus = (text: string): string => text.replace('-', '−')

/** Arguments of console.log in one line: strings as they are, other values as `inspect` shows them. */
export const line = (values: readonly unknown[]): string =>
  cut(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '))

const cut = (text: string): string =>
  text.length > LENGTH ? `${text.slice(0, LENGTH)} … (${text.length - LENGTH} characters more)` : text

/** The shortest decimal that stands for the same float32. */
function shortest32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(value)
}

export function inspect(value: unknown, depth = 0, seen: readonly object[] = []): string {
  if (typeof value === 'string') return depth ? JSON.stringify(value) : value
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `ƒ ${value.name || '(anonymous)'}`
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (seen.includes(value)) return '[circular]'
  if (value instanceof Error) return depth ? String(value) : (value.stack ?? String(value))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  const inner = [...seen, value]
  const each = (item: unknown) => inspect(item, depth + 1, inner)
  if (Array.isArray(value))
    return depth > DEPTH ? '[…]' : list('', '[', value.length, (i) => each(value[i]), ']')
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as unknown as ArrayLike<number | bigint>
    const show =
      value instanceof Float32Array ? (i: number) => shortest32(value[i]) : (i: number) => String(array[i])
    return list(`${value.constructor.name}(${array.length}) `, '[', array.length, show, ']')
  }
  return inspectObject(value, depth, each)
}

function inspectObject(value: object, depth: number, each: (item: unknown) => string): string {
  const name = value.constructor?.name ?? ''
  if (value instanceof Map || value instanceof Set) {
    const items = [...value] as unknown[]
    const show = (item: unknown) =>
      value instanceof Map ? (item as [unknown, unknown]).map(each).join(' => ') : each(item)
    return list(`${name}(${value.size}) `, '{ ', items.length, (i) => show(items[i]), ' }')
  }
  // A class that says how it wants to be printed: a tensor prints its values.
  if (
    name !== 'Object' &&
    value.toString !== Object.prototype.toString &&
    typeof value.toString === 'function'
  )
    return cut(String(value))
  if (depth > DEPTH) return '{…}'
  const keys = Object.keys(value)
  const pair = (i: number) =>
    `${/^[\w$]+$/.test(keys[i]) ? keys[i] : JSON.stringify(keys[i])}: ${each(Reflect.get(value, keys[i]))}`
  return list(name === 'Object' || !name ? '' : `${name} `, '{ ', keys.length, pair, ' }')
}

function list(head: string, open: string, count: number, show: (i: number) => string, close: string): string {
  if (count === 0) return `${head}${open.trim()}${close.trim()}`
  const items = Array.from({ length: Math.min(count, ITEMS) }, (_, i) => show(i))
  if (count > ITEMS) items.push(`… ${count - ITEMS} more`)
  return `${head}${open}${items.join(', ')}${close}`
}
