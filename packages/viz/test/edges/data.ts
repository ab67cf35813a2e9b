/** The data that break figures. */
import { chain } from '../figures.ts'

export const edges = {
  empty: 'nothing',
  one: 'one value',
  notFinite: 'NaN and infinite values',
  constant: 'all values equal',
  many: '100 000 values, or the most that is taken',
  long: 'long labels',
} as const
export type Edge = keyof typeof edges

/** A drawing for a phone's width; or why there is none. */
export type Case = ((width: number) => string) | string
export type Cases = Readonly<Record<Edge, Case>>

export const MANY = 100_000
export const many = chain(MANY)
export const broken = [1, NaN, 3, Infinity, -Infinity, 2]
export const long =
  'a label that is far longer than the room that any figure has for it, for it goes on and on'
export const word = 'Normalisierungsverfahrensvergleichstabelle'
export const list = <T>(count: number, of: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => of(i))
export const pairs = (x: readonly number[]) => x.map((value, i) => [value, x[x.length - 1 - i]] as const)
/** Why a figure has no such case. */
export const holdsNone = 'It draws shapes, not values.'
