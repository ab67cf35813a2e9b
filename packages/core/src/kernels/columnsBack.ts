/** Drives the column kernels of backward: see assembly/columnsBack.ts. */
import { noParams, overBlock } from './columns.ts'
import type { ColumnNest } from './nest.ts'
import { tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, type Source } from './stream.ts'
import type { Sums } from './sums.ts'

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function columnsBackward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean {
  const { plan, arena, kernels, at, center } = prepared
  const nest = prepared.nest as ColumnNest
  const { batches, depth, width, aligned, deep } = nest
  const tables = tablesOf(prepared)
  const [from, up, to] = [x, dy, dx].map((source) => new Stream(arena, source, width))
  const floats = arena.take(width * 16)
  const partial = arena.take(width * 8)
  const totals = arena.take(width * 16)
  // Of runs so short the sums would have to be exact.
  if (deep && depth < 16) return false
  const gamma = deep ? noParams(arena)[0] : at.gamma
  // Parameters of runs get their gradients elsewhere.
  const grads = deep ? [arena.take(8), arena.take(8)] : [sums.dgamma, sums.dbeta]
  const place = (b: number) => {
    const first = aligned ? (b * plan.cells) / batches : 0
    return {
      table: aligned || !tables.cellAt ? tables.cellAt : tables.cellAt + b * width * 4,
      params: [gamma, tables.paramAt && tables.paramAt + b * width * 4],
      means: at.means + first * 8,
      variances: at.variances + first * 8,
      rstds: at.rstds + first * 8,
      cells: [sums.cells + first * 8, plan.cells],
    }
  }
  const add = (b: number): boolean => {
    const { table, params, means, variances, rstds, cells } = place(b)
    if (!kernels.columnBackShifts(width, center, table, means, variances, rstds, floats)) return false
    arena.heap.doubles(totals, width * 2).fill(0)
    overBlock(nest, b, [from, up], ([p, q], offset, runs) => {
      const run = (offset / width) % depth
      if (deep)
        // oxfmt-ignore
        kernels.deepSums(p, q, runs, width, floats, at.gamma + run * 4, partial, totals, sums.dgamma + run * 8, sums.dbeta + run * 8)
      else kernels.columnBackSums(p, q, runs, width, floats, partial, totals, depth < 16)
    })
    return Boolean(
      kernels.columnBackTotals(width, center, table, means, rstds, ...params, totals, ...cells, ...grads),
    )
  }
  const pull = (b: number): void => {
    const { table, params, means, variances, rstds, cells } = place(b)
    const terms = [sums.centred, sums.scaled, sums.least]
    kernels.columnBackCoefficients(
      width,
      center,
      table,
      means,
      variances,
      rstds,
      ...params,
      ...cells,
      ...terms,
      floats,
    )
    overBlock(
      nest,
      b,
      [from, up],
      ([p, q], offset, runs) => {
        const run = ((offset / width) % depth) * 4
        if (deep) kernels.deepGradients(p, q, to.output(offset), runs, width, floats, at.gamma + run)
        else kernels.columnGradients(p, q, to.output(offset), runs, width, floats)
        to.commit(offset, runs * width)
      },
      to,
    )
  }
  for (let b = 0; b < batches; b++) {
    if (!add(b)) return false
    if (aligned) pull(b)
  }
  if (!aligned) for (let b = 0; b < batches; b++) pull(b)
  return true
}
