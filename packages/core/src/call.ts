/** A checked call, and what it leaves for backward. */
import type { Laid } from './boundary.ts'
import type { OwnResult } from './kernels/own/kernel.ts'
import type { CellStatistics, KernelSpec } from './kernels/scalar.ts'
import type { OracleResult } from './oracle.ts'
import type { Plan } from './plan.ts'
import type { VariantState } from './running.ts'
import type { Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

/** What backward needs of a forward. It refers to x and the parameters: do not change them in between. */
export interface Saved<P = unknown> {
  readonly plan: Plan
  /** One entry a cell, in the order of the kept axes. Absent for variants with a forward of their own. */
  readonly mean?: Float64Array
  /** Biased. */
  readonly variance?: Float64Array
  readonly rstd?: Float64Array
  /** @internal */ readonly call: Call
  /** @internal */ readonly oracle?: OracleResult
  /** @internal */ readonly own?: OwnResult
  /** Type only: which parameters were given. */
  readonly params?: P
}

type Tensors = Readonly<Record<string, Tensor>>

/** @internal */
export interface Call {
  readonly record: NormRecord
  readonly plan: Plan
  readonly x: Tensor
  /** As given, and laid over the plan. */
  readonly given: Tensors
  readonly params: Readonly<Record<string, Laid>>
  readonly options: Readonly<Record<string, unknown>>
  /** What kernels take of it. */
  readonly spec?: KernelSpec
  /** Without these a call is plain: see full.ts. */
  readonly training?: boolean
  readonly weights?: Laid
  readonly state?: Readonly<Record<string, Laid>>
  /** The state before this call, where the variant keeps one. */
  readonly old?: VariantState
}

/** What a kernel leaves. */
export class SavedCall implements Saved {
  readonly plan: Plan
  readonly call: Call
  readonly stats: CellStatistics

  constructor(call: Call, stats: CellStatistics) {
    this.plan = call.plan
    this.call = call
    this.stats = stats
  }
  get mean(): Float64Array {
    return this.stats.mean
  }
  get variance(): Float64Array {
    return this.stats.variance
  }
  get rstd(): Float64Array {
    return this.stats.rstd
  }
}
