/** Attributes are text: these make numbers and lists of them, or say what is wrong. */
import { NormlabError } from '@normlab/core'

export function numberOf(name: string, value: string | null): number | undefined {
  if (value === null) return undefined
  const result = value.trim() === '' ? NaN : Number(value)
  if (Number.isNaN(result)) throw new NormlabError(name, JSON.stringify(value), 'Give a number')
  return result
}

/** `2, 3 4` or `2x3x4`. */
export function listOf(name: string, value: string | null): number[] | undefined {
  if (value === null) return undefined
  return value
    .split(/[\s,x×[\]]+/)
    .filter(Boolean)
    .map((word) => numberOf(name, word)!)
}

/** `g=2 k=3` or `{"g": 2}`. */
export function sizesOf(name: string, value: string | null): Record<string, number> | undefined {
  if (value === null) return undefined
  const pairs = [...value.matchAll(/"?([A-Za-z]\w*)"?\s*[=:]\s*(\d+)/g)]
  if (pairs.length === 0 && value.trim())
    throw new NormlabError(name, JSON.stringify(value), "Give sizes such as 'g=2'")
  return Object.fromEntries(pairs.map(([, key, size]) => [key, Number(size)]))
}

/** Present and not `false`. */
export const flagOf = (value: string | null): boolean | undefined =>
  value === null ? undefined : value !== 'false'

/** Leaves out what is undefined, so that it does not hide what another source says. */
export function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
