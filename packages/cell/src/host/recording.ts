import type { Param } from '../events.ts'
import type { Output } from './collect.ts'
import type { Value } from './values.ts'

/** What a run of a cell gave: in `<name>.output.json` beside the cell, with the hash of the source that gave it. */
export interface Recording {
  /** The first 16 hex digits of the source's sha256. */
  readonly source?: string
  /** Relative; what the cell says of its own numbers. */
  readonly tolerance?: number
  readonly params: readonly Param[]
  readonly outputs: readonly Output[]
  /** The cell's exports. */
  readonly values: Readonly<Record<string, Value>>
}
