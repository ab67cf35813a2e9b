import { inspect } from '../text.ts'

/** What a cell exports, as JSON holds it. A number that is not finite is its name. */
export type Value = number | string | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** Exports of a cell are its results: numbers, words, and arrays and objects of them. */
export function valuesOf(exported: Readonly<Record<string, unknown>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(exported)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, valueOf(value, name)]),
  )
}

function valueOf(value: unknown, path: string): Value {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map((item, i) => valueOf(item, `${path}[${i}]`))
  if (value instanceof Float32Array)
    return [...value].map((item) => valueOf(Number(item.toPrecision(7)), path))
  if (ArrayBuffer.isView(value) && Symbol.iterator in value)
    return [...(value as Iterable<number>)].map((item, i) => valueOf(item, `${path}[${i}]`))
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value)))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, valueOf(item, `${path}.${key}`)]),
    )
  throw new TypeError(
    `export ${path} is no result: ${inspect(value, 1).slice(0, 60)}. Export numbers, strings, booleans, or arrays and objects of them`,
  )
}
