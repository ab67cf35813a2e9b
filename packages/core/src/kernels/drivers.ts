/** Which nests have kernels. Vectors are always there; who makes a record that is more than plain brings the others: see serve.ts. */
import { vectors as bytes } from './bytes.ts'
import type { Heap } from './heap.ts'
import type { Source as Module } from './module.ts'
import type { Walked } from './nest.ts'
import type { Laid } from './params.ts'
import type { PlanDim } from '../plan.ts'
import type { Prepared } from './prepare.ts'
import type { CellStatistics, Gradients, KernelSpec } from './scalar.ts'
import type { Source } from './stream.ts'
import type { Sums } from './sums.ts'
import { vectorsBackward, vectorsForward } from './vectors.ts'

export interface Driver {
  readonly bytes: Module
  /** @param given the statistics stand in kernel memory already. @returns false where float32 cannot. */
  forward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean
  backward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean
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

export const drivers: {
  vectors: Driver
  rows?: Driver
  columns?: Driver
  /** All that there are; left out, vectors alone. */
  nestOf?(dims: readonly PlanDim[], laid: readonly (Laid | undefined)[], plain: boolean): Walked | null
  apart?: Apart
} = { vectors: { bytes, forward: vectorsForward, backward: vectorsBackward } }
