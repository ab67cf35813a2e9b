/** Which axes a layer's arguments name, and how its record's plan lies over an x. */
import { parsePattern, type AnyNorm, type Plan } from '@normlab/core'
import { fold, type Folded } from './fold.ts'
import { coreOptions } from './keras.ts'
import type { Shape } from './shape.ts'

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

  /** True where the pattern splits the features: their number must be known. */
  get splits(): boolean {
    return this.#partsOf((name) => name === 'c').length > 0
  }

  /** `shape` with sizes for those that are not known yet: such that the parts of a split batch fit. */
  known(shape: Shape): number[] {
    const options = coreOptions(this.#options)
    const parts = this.#partsOf((name) => name !== 'c').filter((part) => part in options)
    const least = parts.reduce((n, part) => n * Number(options[part]), 1)
    return shape.map((size) => size ?? least)
  }

  /** Under core's names, for an x of this shape. `groups: -1` is a group of each channel. */
  coreOptions(shape: readonly number[], whole = false): Record<string, unknown> {
    const features = this.features(shape.length)
    const channels = features.reduce((n, axis) => n * shape[axis], 1)
    const options = coreOptions(this.#options)
    const batch = shape.find((_, axis) => !features.includes(axis))
    const merged = whole ? this.#unkept().filter((part) => part in options) : []
    return {
      ...options,
      ...(options.g === -1 ? { g: channels } : {}),
      ...Object.fromEntries(merged.map((part) => [part, batch])),
      axis: this.#axis,
    }
  }

  #partsOf(wanted: (axis: string) => boolean): string[] {
    const axes = this.#record.stats === null ? [] : parsePattern(this.#record.stats).axes
    return axes.flatMap(({ name, parts }) => (parts.length > 1 && wanted(name) ? parts : []))
  }

  /** Parts of the batch axis that no weight of the layer is kept along. */
  #unkept(): string[] {
    const { params, running = '' } = this.#record
    const kept = [...Object.values(params).map(({ along }) => along), running].join(' ').split(' ')
    const parts = this.#partsOf((name) => name === 'n')
    return parts.some((part) => kept.includes(part)) ? [] : parts
  }

  /**
   * One entry is remembered: a layer sees one shape again and again.
   * @param whole the batch need not divide into its parts: with given statistics nothing is taken from them.
   */
  over(shape: readonly number[], whole = false): Laid {
    const key = `${shape.join()} ${whole}`
    if (this.#last?.key === key) return this.#last.laid
    const { params, running, apply } = this.#record
    const plan = this.#record.plan(shape, this.coreOptions(shape, whole))
    const alongs = [...Object.values(params).map(({ along }) => along), running ?? '']
    const laid = { plan, dims: fold(plan, apply ? null : alongs) }
    this.#last = { key, laid }
    return laid
  }
}
