/** The axes figure in words. */
import type { PlanDim } from '@normlab/core'
import { integer, list } from '../figure/format.ts'
import { modelOf, type AxesModel, type AxesOptions } from './model.ts'

/** What a page, a test or a reading machine wants to know of an axes figure. */
export interface AxesFacts {
  /** Cells, and elements in each, of the real shape. */
  readonly cells: number
  readonly count: number
  /** Cells that the figure draws: fewer where the shape is too large. `highlight` counts over them. */
  readonly drawnCells: number
  /** Cells along the last kept axis that is drawn: a row of cells. */
  readonly cellsInRow: number
  readonly caption: string
  /** Says which cell this is, and what its elements share. */
  readonly cellText: (cell: number) => string
}

/** @throws NormlabError as `axes` does. */
export function axesFacts(pattern: string, shape: readonly number[], options: AxesOptions = {}): AxesFacts {
  return factsOf(modelOf(pattern, shape, options), options)
}

export function factsOf(model: AxesModel, options: AxesOptions): AxesFacts {
  const { plan, drawn } = model
  return {
    cells: plan.cells,
    count: plan.count,
    drawnCells: drawn.cells,
    cellsInRow: drawn.dims.findLast((dim) => dim.kept)?.size ?? 1,
    caption: captionOf(model, options),
    cellText: (cell) => {
      const at = cellName(model, cell)
      return `Cell ${letter(cell, drawn.cells)}${at ? ` (${at})` : ''}: ${share(drawn.count, options, plan.count)}`
    },
  }
}

/** `these 4 elements share one mean and one variance` */
export function share(count: number, { what, shares }: AxesOptions, full = count): string {
  const shared = shares ?? (what === 'mask' ? 'one random draw' : 'one mean and one variance')
  if (count === 1)
    return what === 'mask' ? 'this element has a draw of its own' : 'this element has a statistic of its own'
  const really = full === count ? '' : ` (${integer(full)} in the whole array)`
  return `these ${integer(count)} elements share ${shared}${really}`
}

function captionOf({ plan, drawn, reduced }: AxesModel, { name, what }: AxesOptions): string {
  const begin = name ? `${name}: ` : ''
  const kept = byName(plan.dims.filter((dim) => dim.kept))
  const sizes = kept.map(([, dims]) => integer(size(dims)))
  const times = sizes.length > 1 ? `${sizes.join(' × ')} = ${integer(plan.cells)}` : integer(plan.cells)
  const names = kept.length ? ` (${kept.map(([key]) => key).join(', ')})` : ''
  const values = plan.count === 1 ? 'one value' : `${integer(plan.count)} values`
  const all = plan.count === 1 ? 'the one value' : `all ${values}`
  let says: string
  if (plan.size === 0) says = 'the array has no elements.'
  else if (plan.cells === 1)
    says = what === 'mask' ? `one random draw for ${all}.` : `one cell averages ${all}.`
  else if (what === 'mask') says = `each of the ${times}${names} cells makes one random draw for ${values}.`
  else if (plan.count === 1)
    says = `each of the ${times}${names} cells holds one value: there is nothing to average.`
  else says = `each of the ${times}${names} cells averages ${values}.`
  const sentence = begin ? begin + says : says.charAt(0).toUpperCase() + says.slice(1)
  if (!reduced) return sentence
  const to = new Map(plan.dims.map((dim, i) => [dim, drawn.dims[i].size]))
  const fewer = byName(plan.dims)
    .filter(([, dims]) => dims.some((dim) => dim.size !== to.get(dim)))
    .map(([key, dims]) => {
      const [few, many] = [dims.map((dim) => integer(to.get(dim)!)), dims.map((dim) => integer(dim.size))]
      return `${few.join(' × ')} of ${many.join(' × ')} along ${key}`
    })
  return `${sentence} Drawn smaller: ${list(fewer)}.`
}

/** `n = 0, g = 1`; `s = (0, 2)` where a name stands for several loops. */
export function cellName({ drawn }: AxesModel, cell: number): string {
  const kept = drawn.dims.filter((dim) => dim.kept)
  const at = new Map<PlanDim, number>()
  for (const dim of kept.toReversed()) {
    at.set(dim, cell % dim.size)
    cell = Math.floor(cell / dim.size)
  }
  return byName(kept)
    .map(([name, dims]) => {
      const indices = dims.map((dim) => at.get(dim))
      return `${name} = ${indices.length > 1 ? `(${indices.join(', ')})` : indices[0]}`
    })
    .join(', ')
}

/** A to Z; numbers where there are more. */
export function letter(cell: number, cells: number): string {
  return cells <= 26 ? String.fromCharCode(65 + cell) : String(cell + 1)
}

const byName = (dims: readonly PlanDim[]): [string, PlanDim[]][] =>
  [...new Set(dims.map((dim) => dim.name))].map((name) => [name, dims.filter((dim) => dim.name === name)])

const size = (dims: readonly PlanDim[]): number => dims.reduce((n, dim) => n * dim.size, 1)
