/** A kernel that a variant with a forward of its own brings, where the tape would be slow. Float32 in and out, float64 sums. */
import type { Laid } from '../../boundary.ts'
import type { Plan } from '../../plan.ts'
import type { FloatArray } from '../../tensor.ts'

export interface OwnCall {
  readonly plan: Plan
  readonly x: FloatArray
  /** All parameters of the record, those that the call leaves out at their initial values. */
  readonly params: Readonly<Record<string, Laid>>
  readonly state: Readonly<Record<string, Laid>> | undefined
  readonly options: Readonly<Record<string, unknown>>
  readonly training: boolean
}

export interface OwnResult {
  readonly y: Float32Array
  /** Packed in the state's layout. */
  readonly state?: Readonly<Record<string, Float64Array>>
  /** `x`, and every parameter by name, packed in its layout. */
  readonly backward: (dy: FloatArray) => { readonly x: Float32Array } & Readonly<Record<string, FloatArray>>
}

export type OwnKernel = (call: OwnCall) => OwnResult
