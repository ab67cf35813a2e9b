/** Where elements stand on paper: a flat table, or the three visible sides of a block in isometric projection. */
import type { AxesModel, DrawnAxis } from './model.ts'

export type Point = readonly [number, number]

/** A grid of elements on paper. `u` is the step of a column, `v` that of a row, in pixels. */
export interface Face {
  readonly origin: Point
  readonly u: Point
  readonly v: Point
  /** Where columns and rows begin, in elements from the origin. */
  readonly columns: readonly number[]
  readonly rows: readonly number[]
  readonly cellAt: (column: number, row: number) => number
  /** Darkness laid over the face, 0 to 1. */
  readonly shade: number
}

/** The directions of a drawing; those that are missing have one element. */
export interface Directions {
  readonly across?: DrawnAxis
  readonly down?: DrawnAxis
  readonly deep?: DrawnAxis
}

/** Features run across, space runs down, examples go deep; else, in memory order: deep, down, across. */
export function directionsOf({ axes }: AxesModel): Directions {
  if (axes.length < 2) return { across: axes[0] }
  if (axes.length === 2) return { down: axes[0], across: axes[1] }
  const rest = [...axes]
  const take = (...names: string[]): DrawnAxis => {
    const at = rest.findLastIndex((axis) => names.includes(axis.names[0]))
    return rest.splice(at < 0 ? rest.length - 1 : at, 1)[0]
  }
  const across = take('c', 'o')
  const down = take('s', 'i')
  return { across, down, deep: rest[0] }
}

export const lengthOf = (axis: DrawnAxis | undefined): number => axis?.length ?? 1

const COS = Math.sqrt(3) / 2

/** Paper coordinates, in elements, of a corner of the block. Across goes right and down, deep goes right and up. */
export const isometric = (across: number, down: number, deep: number): Point => [
  COS * (across + deep),
  (across - deep) / 2 + down,
]

export function facesOf(model: AxesModel, unit: number, [x0, y0]: Point): Face[] {
  const d = directionsOf(model)
  const index = (across: number, down: number, deep: number): number[] =>
    model.axes.map((axis) => (axis === d.across ? across : axis === d.down ? down : deep))
  if (!d.deep)
    return [
      {
        origin: [x0, y0],
        u: [unit, 0],
        v: [0, unit],
        columns: d.across?.at ?? [0],
        rows: d.down?.at ?? [0],
        cellAt: (column, row) => model.cellAt(index(column, row, 0)),
        shade: 0,
      },
    ]
  const paper = (across: number, down: number, deep: number): Point => {
    const [x, y] = isometric(across, down, deep)
    return [x0 + x * unit, y0 + y * unit]
  }
  const ACROSS: Point = [COS * unit, unit / 2]
  const DEEP: Point = [COS * unit, -unit / 2]
  const DOWN: Point = [0, unit]
  const faces: Face[] = []
  // Painter's order: what lies behind, to the left and below comes first.
  for (const deep of runs(d.deep).toReversed())
    for (const across of runs(d.across!))
      for (const down of runs(d.down!).toReversed()) {
        const [a, b, c] = [across, down, deep].map((run, i) => {
          const at = [d.across!, d.down!, d.deep!][i].at
          return {
            first: run[0],
            last: run.at(-1)!,
            from: at[run[0]],
            to: at[run.at(-1)!] + 1,
            at: run.map((k) => at[k] - at[run[0]]),
          }
        })
        const grid = (columns: typeof a, rows: typeof a) => ({ columns: columns.at, rows: rows.at })
        faces.push(
          {
            origin: paper(a.from, b.from, c.to),
            u: ACROSS,
            v: [-DEEP[0], -DEEP[1]],
            ...grid(a, c),
            cellAt: (column, row) => model.cellAt(index(a.first + column, b.first, c.last - row)),
            shade: 0,
          },
          {
            origin: paper(a.from, b.from, c.from),
            u: ACROSS,
            v: DOWN,
            ...grid(a, b),
            cellAt: (column, row) => model.cellAt(index(a.first + column, b.first + row, c.first)),
            shade: 0.06,
          },
          {
            origin: paper(a.to, b.from, c.from),
            u: DEEP,
            v: DOWN,
            ...grid(c, b),
            cellAt: (column, row) => model.cellAt(index(a.last, b.first + row, c.first + column)),
            shade: 0.14,
          },
        )
      }
  return faces
}

/** Indices between gaps. */
function runs({ at }: DrawnAxis): number[][] {
  const result: number[][] = []
  for (let i = 0; i < at.length; i++)
    if (i > 0 && at[i] - at[i - 1] < 1.01) result.at(-1)!.push(i)
    else result.push([i])
  return result
}
