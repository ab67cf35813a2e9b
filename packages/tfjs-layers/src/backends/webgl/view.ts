/** x as pages of texels: two rows by two columns of the innermost two dimensions. GLSL for what lies where. */
import type { Dialect, Names } from '../gpu/formula.ts'
import { mapIndex, product, type Geometry } from '../gpu/geometry.ts'
import type { ParamName } from '../../kernels/cells.ts'

export interface View {
  readonly geometry: Geometry
  /** [pages, rows, columns] */
  readonly pages: readonly number[]
  /** Dimensions that a page's number counts, and those of its rows (-1: there is none) and columns. */
  readonly outer: readonly number[]
  readonly row: number
  readonly column: number
}

export const FLOAT: Dialect = { declare: 'float', type: 'float', isZero: (value) => `${value} == 0.0` }

/** Sizes over x's dimensions as pages. */
export function pagesOf(sizes: readonly number[]): number[] {
  return [product(sizes.slice(0, -2)), sizes.at(-2) ?? 1, sizes.at(-1)!]
}

export function viewOf(geometry: Geometry): View {
  const rank = geometry.sizes.length
  return {
    geometry,
    pages: pagesOf(geometry.sizes),
    outer: geometry.sizes.map((_, i) => i).slice(0, -2),
    row: rank - 2,
    column: rank - 1,
  }
}

/** Strides of page, row and column numbers over x's dimensions; rows and columns in steps of `step`. */
export function pageStrides(
  { geometry, row, column, outer }: View,
  step: 1 | 2,
): Record<'b' | 'r' | 'c', number[]> {
  const { sizes } = geometry
  const b = sizes.map(() => 0)
  let inner = 1
  for (const i of outer.toReversed()) {
    b[i] = inner
    inner *= sizes[i]
  }
  return {
    b,
    r: sizes.map((_, i) => (i === row ? step : 0)),
    c: sizes.map((_, i) => (i === column ? step : 0)),
  }
}

/** An array's element number at page `b`, row `r`, column `c`, all in scope. */
function offset({ geometry, outer, row, column }: View, strides: readonly number[]): string {
  const terms = [mapIndex('b', outer, geometry.sizes, strides)]
  if (row >= 0 && strides[row]) terms.push(`r * ${strides[row]}`)
  if (strides[column]) terms.push(`c * ${strides[column]}`)
  return terms.filter((term) => term !== '0').join(' + ') || '0'
}

/** Statements that read a record of each cell for the texel at (b, r, c), and the names of its fields: vectors, or numbers. */
export function readCells(
  view: View,
  array: string,
): { readonly code: string; readonly field: (i: number) => string; readonly type: 'vec4' | 'float' } {
  const { geometry, row, column } = view
  const { cellStrides } = geometry
  const [down, right] = [row < 0 ? 0 : cellStrides[row], cellStrides[column]]
  const get = `get${array[0].toUpperCase()}${array.slice(1)}`
  const here = `${array}Cell`
  const name = (i: number) => `${array}${i}`
  const steps = ['0', String(right), String(down), String(down + right)]
  const distinct = [...new Set(steps)]
  const code = [
    `int ${here} = ${offset(view, cellStrides)};`,
    ...distinct.map((step, i) => `vec4 ${name(i)} = ${get}(${here} + ${step}, 0, 0);`),
  ].join('\n  ')
  const letter = (i: number) => 'xyzw'[i]
  if (distinct.length === 1) return { code, field: (i) => `${name(0)}.${letter(i)}`, type: 'float' }
  const of = (i: number) => steps.map((step) => `${name(distinct.indexOf(step))}.${letter(i)}`).join(', ')
  return { code, field: (i) => `vec4(${of(i)})`, type: 'vec4' }
}

export function readStats(view: View): {
  readonly code: string
  readonly names: Names & { readonly variance: string }
  readonly type: 'vec4' | 'float'
} {
  const { code, field, type } = readCells(view, 'stats')
  const names = { shift: field(0), rest: field(1), variance: field(2), rstd: field(3) }
  return { code, names, type }
}

/** A parameter's values for the texel at (b, r, c). */
export function readParam({ geometry, outer, row, column }: View, name: ParamName): string {
  const { spread } = geometry.params[name]!
  const [, rows, columns] = pagesOf(spread)
  const strides = geometry.params[name]!.strides.map((stride) => stride / (rows * columns))
  const page = mapIndex('b', outer, geometry.sizes, strides)
  const down = row >= 0 && spread[row] > 1
  const right = spread[column] > 1
  const parts = down ? (right ? 'xyzw' : 'xxzz') : right ? 'xyxy' : 'xxxx'
  const get = name === 'gamma' ? 'getGamma' : 'getBeta'
  return `${get}(${page}, ${down ? 'r' : '0'}, ${right ? 'c' : '0'}).${parts}`
}

/** tfjs's packed operations take what lies beyond the last row and column for 0. */
export function clear({ pages: [, rows, columns] }: Pick<View, 'pages'>, value: string): string {
  return [
    rows % 2 ? `if (r + 1 >= ${rows}) { ${value}.zw = vec2(0.0); }` : '',
    columns % 2 ? `if (c + 1 >= ${columns}) { ${value}.yw = vec2(0.0); }` : '',
  ].join('\n  ')
}

/** main() of a program with one texel of x's view: statements that set `y`. */
export const texelMain = (view: Pick<View, 'pages'>, code: string): string => `
void main() {
  ivec3 at = getOutputCoords();
  int b = at.x;
  int r = at.y;
  int c = at.z;
  vec4 y;
  ${code}
  ${clear(view, 'y')}
  setOutput(y);
}`
