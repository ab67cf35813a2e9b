/** Which axes a layer's arguments name, and how its record's plan lies over an x. */
import { parsePattern, type AnyNorm, type Plan } from '@normlab/core'
import { fold, type Folded } from './fold.ts'
import { coreOptions } from './keras.ts'

/** A plan of x's shape, and x's dimensions as the kernels see them. */
export interface Laid {
  readonly plan: Plan
  readonly dims: Folded
}

export class Layout {
  readonly #record: AnyNorm
  readonly #axis: number | readonly number[]
  readonly #options: Readonly<Record<string, number | string>>
  #last: { readonly key: string; readonly laid: Laid } | undefined

  /** @param options under their names in the config. */
  constructor(
    record: AnyNorm,
    axis: number | readonly number[],
    options: Readonly<Record<string, number | string>>,
  ) {
    this.#record = record
    this.#axis = axis
    this.#options = options
  }

  /** The axes that `axis` names, counted from the front. */
  features(rank: number): number[] {
    return [this.#axis].flat().map((axis) => (axis < 0 ? axis + rank : axis))
  }

  /** True where the pattern splits an axis: its size must be known. */
  get splits(): boolean {
    const { stats } = this.#record
    return stats !== null && parsePattern(stats).axes.some(({ parts }) => parts.length > 1)
  }

  /** Under core's names, for an x of this shape. `groups: -1` is a group of each channel. */
  coreOptions(shape: readonly number[]): Record<string, unknown> {
    const channels = this.features(shape.length).reduce((n, axis) => n * shape[axis], 1)
    const options = coreOptions(this.#options)
    return { ...options, ...(options.g === -1 ? { g: channels } : {}), axis: this.#axis }
  }

  /** One entry is remembered: a layer sees one shape again and again. */
  over(shape: readonly number[]): Laid {
    const key = shape.join()
    if (this.#last?.key === key) return this.#last.laid
    const { params, running, apply } = this.#record
    const plan = this.#record.plan(shape, this.coreOptions(shape))
    const alongs = [...Object.values(params).map(({ along }) => along), running ?? '']
    const laid = { plan, dims: fold(plan, apply ? null : alongs) }
    this.#last = { key, laid }
    return laid
  }
}
