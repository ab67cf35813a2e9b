/** Paints faces: tints, lines between cells, letters, and one cell set off. */
import { coordinate, escape, polygon, tag } from '../figure/svg.ts'
import { TINTS, token, type TokenName } from '../tokens.ts'
import type { Face, Point } from './faces.ts'
import type { AxesModel } from './model.ts'
import { letter } from './words.ts'

const at = ({ origin, u, v }: Face, x: number, y: number): Point => [
  origin[0] + u[0] * x + v[0] * y,
  origin[1] + u[1] * x + v[1] * y,
]

/** The tint of a cell: neighbours along any kept axis differ. */
export function tintOf({ drawn }: AxesModel, cell: number): string {
  let sum = 0
  let weight = 1
  for (const dim of drawn.dims.filter((d) => d.kept).toReversed()) {
    sum += (cell % dim.size) * weight
    cell = Math.floor(cell / dim.size)
    weight = weight === TINTS - 1 ? 1 : weight + 1
  }
  return token(`cell-${(sum % TINTS) + 1}` as TokenName)
}

export function paintFace(face: Face, model: AxesModel, highlight: number | null, unit: number): string {
  const regions = new Map<number, [number, number][]>()
  face.rows.forEach((_, row) =>
    face.columns.forEach((_c, column) => {
      const cell = face.cellAt(column, row)
      if (!regions.has(cell)) regions.set(cell, [])
      regions.get(cell)!.push([column, row])
    }),
  )
  let tints = ''
  let letters = ''
  for (const [cell, elements] of regions) {
    const d = elements.map(([c, r]) => polygon(cornersOf(face, c, r))).join('')
    const fill = cell === highlight ? token('highlight') : tintOf(model, cell)
    tints += tag('path', { d, fill, 'data-cell': String(cell) })
    letters += lettersOf(face, cell, elements, model, cell === highlight, unit)
  }
  const all = face.rows
    .flatMap((_, row) => face.columns.map((_c, column) => polygon(cornersOf(face, column, row))))
    .join('')
  const shade = face.shade
    ? tag('path', { d: all, fill: '#000', 'fill-opacity': String(face.shade), 'pointer-events': 'none' })
    : ''
  return (
    tag('g', { stroke: token('surface'), 'stroke-width': '1', 'stroke-linejoin': 'round' }, tints) +
    shade +
    edges(face, 'between') +
    letters
  )
}

/** The outline of one cell on a face. Painted after all faces that do not hide it. */
export function paintOutline(face: Face, cell: number): string {
  return edges(face, cell)
}

const cornersOf = (face: Face, column: number, row: number): Point[] => {
  const [x, y] = [face.columns[column], face.rows[row]]
  return [at(face, x, y), at(face, x + 1, y), at(face, x + 1, y + 1), at(face, x, y + 1)]
}

/** Lines where cells meet and around the face; or only those around `which`. */
function edges(face: Face, which: 'between' | number): string {
  const cell = (c: number, r: number): number =>
    c < 0 || r < 0 || c >= face.columns.length || r >= face.rows.length ? -1 : face.cellAt(c, r)
  let d = ''
  const draw = (a: Point, b: Point): void => {
    d += `M${coordinate(a[0])},${coordinate(a[1])}L${coordinate(b[0])},${coordinate(b[1])}`
  }
  const meets = (a: number, b: number): boolean =>
    which === 'between' ? a !== b : (a === which) !== (b === which)
  for (let r = 0; r < face.rows.length; r++)
    for (let c = 0; c < face.columns.length; c++) {
      const [p, q, s, t] = cornersOf(face, c, r)
      const here = cell(c, r)
      if (meets(here, cell(c, r - 1))) draw(p, q)
      if (meets(here, cell(c - 1, r))) draw(p, t)
      if (meets(here, cell(c + 1, r)) && (which !== 'between' || c + 1 === face.columns.length)) draw(q, s)
      if (meets(here, cell(c, r + 1)) && (which !== 'between' || r + 1 === face.rows.length)) draw(t, s)
    }
  if (!d) return ''
  return tag('path', {
    d,
    fill: 'none',
    stroke: token('ink'),
    'stroke-width': which === 'between' ? '0.9' : '2.4',
    'stroke-opacity': which === 'between' ? '0.55' : undefined,
    'stroke-linecap': 'round',
    'pointer-events': 'none',
  })
}

/** One letter in the middle of a cell, where it is a rectangle on this face; else one in each element. */
function lettersOf(
  face: Face,
  cell: number,
  elements: readonly [number, number][],
  { drawn }: AxesModel,
  strong: boolean,
  unit: number,
): string {
  const columns = elements.map(([c]) => c)
  const rows = elements.map(([, r]) => r)
  const [c0, c1, r0, r1] = [Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)]
  const solid =
    (c1 - c0 + 1) * (r1 - r0 + 1) === elements.length &&
    face.columns[c1] - face.columns[c0] < c1 - c0 + 0.01 &&
    face.rows[r1] - face.rows[r0] < r1 - r0 + 0.01
  const spots: Point[] = solid
    ? [[(face.columns[c0] + face.columns[c1] + 1) / 2, (face.rows[r0] + face.rows[r1] + 1) / 2]]
    : elements.map(([c, r]) => [face.columns[c] + 0.5, face.rows[r] + 0.5])
  const name = letter(cell, drawn.cells)
  const size = Math.min(15, (unit * 0.85) / Math.max(1, name.length * 0.62))
  if (size < 7) return ''
  const [a, b, c, d] = [face.u[0] / unit, face.u[1] / unit, face.v[0] / unit, face.v[1] / unit].map(
    coordinate,
  )
  return spots
    .map(([x, y]) => {
      const [px, py] = at(face, x, y).map(coordinate)
      return tag(
        'text',
        {
          transform: `matrix(${a} ${b} ${c} ${d} ${px} ${py})`,
          y: size * 0.36,
          'text-anchor': 'middle',
          'font-size': coordinate(size),
          'font-weight': strong ? '700' : undefined,
          'pointer-events': 'none',
        },
        escape(name),
      )
    })
    .join('')
}
