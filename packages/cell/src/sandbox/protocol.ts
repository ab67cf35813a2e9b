/** What passes between the page, the sandboxed frame and the worker in it. The page trusts nothing that comes back. */
import type { CellEvent } from '../events.ts'

/** Stretches of TypeScript that are blanked, and what stands there instead where it is not blanks: [start, end, text?]. */
export type Edit = readonly [start: number, end: number, text?: string]

/** Where the name of an imported module stands: [start, end, name]. */
export type ImportAt = readonly [start: number, end: number, name: string]

/** A cell made ready at build time: no compiler is needed to run it. Positions are those of the source. */
export interface Compiled {
  readonly edits: readonly Edit[]
  readonly imports: readonly ImportAt[]
}

export interface RunOrder {
  readonly type: 'run'
  readonly source: string
  /** Absent for code that was edited: the worker compiles it, with the modules of `compiler`. */
  readonly compiled?: Compiled
  /** What may be imported: names of modules, and files of the page by their path. */
  readonly importable: readonly string[]
  readonly chosen: Readonly<Record<string, unknown>>
}

/** A module or a binary of the library, as the page fetched it. `imports` are other files of it. */
export interface LibraryFile {
  readonly file: string
  readonly content: Blob
  readonly imports: readonly string[]
}

/** The page's answer to `need`: which file stands for which name. */
export interface Supply {
  readonly type: 'supply'
  readonly files: readonly LibraryFile[]
  readonly names: Readonly<Record<string, string>>
}

export interface CheckOrder {
  readonly type: 'check'
  readonly source: string
  readonly importable: readonly string[]
  /** Files of the page by the names that the cell uses for them. */
  readonly names: Readonly<Record<string, string>>
}

export type ToFrame = RunOrder | Supply | CheckOrder

/** Where something is wrong, in the reader's own lines; both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

export interface Failure {
  /** `TypeError`, ... */
  readonly name: string
  readonly message: string
  readonly place?: Place
}

export type FromFrame =
  | { readonly type: 'ready' }
  | { readonly type: 'need'; readonly names: readonly string[] }
  | { readonly type: 'events'; readonly events: readonly CellEvent[]; readonly dropped: number }
  | { readonly type: 'done'; readonly values: string; readonly seconds: number }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'checked'; readonly failures: readonly Failure[] }

/** The name under which the compiler of edited code is asked for. */
export const COMPILER = '@normlab/cell/compiler'

/** The name under which the checker of types is asked for; a library may have none. */
export const CHECKER = '@normlab/cell/checker'
