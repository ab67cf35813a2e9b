/** Which nests have kernels. Rows are always there; whoever makes a record that walks columns brings those. */
import { rows as forwardBytes } from './bytes/rows.ts'
import { rowsBack as backwardBytes } from './bytes/rowsBack.ts'
import type { Source as Module } from './module.ts'
import type { ColumnNest, Ground } from './nest.ts'
import type { Prepared } from './prepare.ts'
import { rowsForward } from './rows.ts'
import { rowsBackward } from './rowsBack.ts'
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

export const drivers: { rows: Driver; columns?: ColumnDriver } = {
  rows: { forwardBytes, backwardBytes, forward: rowsForward, backward: rowsBackward },
}
