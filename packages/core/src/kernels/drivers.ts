/** Which nests have kernels. Rows are always there; whoever makes a record that walks columns, or whose parameters may vary along anything, brings those. */
import { rows as forwardBytes } from './bytes/rows.ts'
import { rowsBack as backwardBytes } from './bytes/rowsBack.ts'
import type { Heap } from './heap.ts'
import type { Source as Module } from './module.ts'
import type { ColumnNest, Ground } from './nest.ts'
import type { Prepared } from './prepare.ts'
import { rowsForward } from './rows.ts'
import { rowsBackward } from './rowsBack.ts'
import type { CellStatistics, Gradients, KernelSpec } from './scalar.ts'
import type { Source } from './stream.ts'
import type { Sums } from './sums.ts'

export interface Driver {
  readonly forwardBytes: Module
  readonly backwardBytes: Module
  /** @param given the statistics stand in kernel memory already. @returns false where float32 cannot. */
  forward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean
  backward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean
}

export interface ColumnDriver extends Driver {
  nest(ground: Ground): ColumnNest | null
}

/** Serves calls whose parameters vary as no nest does: see apart.ts. */
export interface Apart {
  forward(
    heap: Heap,
    spec: KernelSpec,
    from: Source,
    to: () => Source,
    given: CellStatistics | null,
  ): CellStatistics | undefined
  backward(
    heap: Heap,
    spec: KernelSpec,
    from: readonly [x: Source, dy: Source],
    to: () => Source,
    stats: CellStatistics,
    given: boolean,
  ): Gradients | undefined
}

export const drivers: { rows: Driver; columns?: ColumnDriver; apart?: Apart } = {
  rows: { forwardBytes, backwardBytes, forward: rowsForward, backward: rowsBackward },
}
