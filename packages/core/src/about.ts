/** What a variant's file says of it beside what it computes. `@normlab/core/records` has it; programs that compute go without. */

export interface Paper {
  readonly authors: string
  readonly year: number
  readonly title: string
  readonly url: string
}

/** A configuration to test and benchmark: values of options. */
export type Case = Readonly<Record<string, number>>

/** The `about` of a file is a function, for bundlers leave out what nobody calls. */
export interface About {
  readonly paper: Paper
  /** TeX of the forward pass. Derived from the record where it is left out. */
  readonly formula?: string
  /** Frameworks that ship it, and its name there: `{ torch: 'nn.GroupNorm' }`. */
  readonly ships?: Readonly<Record<string, string>>
  /** When one would take it: a sentence for its page. */
  readonly when?: string
  /** Said where the formula could not be checked against the paper: what it rests on. */
  readonly unverified?: string
  /** What tests and benchmarks run, at least one; `[{}]`, the defaults, where it is left out. */
  readonly cases?: readonly Case[]
}
