/** Plans walked as blocks of columns. */
import type { ColumnNest } from './nest.ts'
import type { Ground } from './nests.ts'
import { countOf, cut } from './params.ts'

/** Runs shorter than this are better walked as columns, where that is possible. */
const SHORT = 64

/** @returns null where rows are better, or parameters vary along a part of the depth, or along more. */
export function columnNestOf({ head, run, varies, rowsFit, ...ground }: Ground): ColumnNest | null {
  const length = countOf(run)
  const [above, kept] = cut(head, (dim) => dim.kept)
  const [batch, depth] = cut(above, (dim) => !dim.kept)
  const width = countOf(kept) * length
  const deep = run.length === 0 && width > 3 && depth.every(varies) && ground.params === countOf(depth)
  const fit = countOf(depth) > 1 && (deep || !depth.some(varies))
  if (!fit || (length >= SHORT && rowsFit) || (length !== 1 && width >= 65536)) return null
  const across = [...batch, ...kept, ...run]
  const aligned = batch.every((dim) => dim.kept)
  return {
    kind: 'columns',
    aligned,
    deep,
    batches: countOf(batch),
    depth: countOf(depth),
    width,
    pieces: countOf(across),
    cellAt: ground.cellTable(aligned ? [...kept, ...run] : across),
    paramAt: ground.paramTable(across),
  }
}
