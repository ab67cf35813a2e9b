/** Loops over the texels of a unit (a cell, or an element of a parameter), in one invocation or divided among several. */
import { mapIndex, product } from '../gpu/geometry.ts'
import { pageStrides, type View } from './view.ts'

export interface Walk {
  readonly units: number
  /** Texels of a unit, pieces they are divided into, and the length of one. */
  readonly items: number
  readonly chunks: number
  readonly span: number
  /** Declares page, row and column of the unit `unit`: b0, r0, c0. */
  readonly start: string
  /** A loop over texels of the piece `chunk`: `body` sees b, r, c and, where `masked`, `inside`, true for what is the unit's. */
  readonly each: (body: string) => string
  readonly masked: boolean
}

/** Invocations that keep a device busy. */
const BUSY = 8192
/** Texels that one invocation takes without help; each of many units' may take more: help costs another program. */
const PATIENCE = 512
const MANY = 256

/**
 * @param along the dimensions that tell units apart; `over`: the others.
 * @param patience texels that an invocation takes before a unit is divided.
 */
export function walkOf(
  view: View,
  along: readonly number[],
  over: readonly number[],
  patience?: number,
): Walk {
  const { geometry, row, column } = view
  const { sizes } = geometry
  const halves = sizes.map((size, i) => (i === row || i === column ? Math.ceil(size / 2) : size))
  const units = product(along.map((i) => sizes[i]))
  const items = product(over.map((i) => halves[i]))
  const limit = patience ?? (units < MANY ? PATIENCE : 4 * PATIENCE)
  const chunks = items > limit ? Math.max(1, Math.min(Math.ceil(BUSY / units), Math.ceil(items / 32))) : 1
  const span = Math.ceil(items / chunks)
  const one = pageStrides(view, 1)
  const two = pageStrides(view, 2)
  const names = ['b', 'r', 'c'] as const
  const start = names.map((name) => `int ${name}0 = ${mapIndex('unit', along, sizes, one[name])};`)
  // Texels begin at even rows and columns.
  const place = names.map((name) => {
    const from = name === 'b' ? 'b0' : `${name}0 - ${name}0 % 2`
    return `int ${name} = ${from} + ${mapIndex('t', over, halves, two[name])};`
  })
  // A dimension that tells units apart leaves one of a texel's two rows or columns.
  const sides = (dim: number, name: 'r' | 'c'): [string, string] => {
    if (dim < 0) return ['true', 'false']
    if (along.includes(dim)) return [`${name}0 % 2 == 0`, `${name}0 % 2 == 1`]
    return ['true', sizes[dim] % 2 ? `${name} + 1 < ${sizes[dim]}` : 'true']
  }
  const [up, down] = sides(row, 'r')
  const [left, right] = sides(column, 'c')
  const corners = [up, down].flatMap((a) => [left, right].map((b) => `${a} && ${b}`))
  const masked = corners.some((corner) => corner !== 'true && true')
  const mask = masked ? `bvec4 inside = bvec4(${corners.join(', ')});` : ''
  const each = (body: string) => `
  for (int t = chunk * ${span}; t < ${chunks === 1 ? items : `min(${items}, (chunk + 1) * ${span})`}; t++) {
    ${place.join('\n    ')}
    ${mask}
    ${body}
  }`
  return { units, items, chunks, span, start: start.join('\n  '), each, masked }
}

/** `value` where it is the unit's, 0 elsewhere: there NaN may stand. */
export const own = ({ masked }: Walk, value: string): string =>
  masked ? `mix(vec4(0.0), ${value}, inside)` : value

export const SUM = 'float sumOf(vec4 value) { return dot(value, vec4(1.0)); }'
