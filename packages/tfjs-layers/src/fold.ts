/** A plan with as few dimensions as it needs: neighbours that play the same part are one dimension. */
import type { Plan, PlanDim } from '@normlab/core'

export interface FoldedDim {
  readonly size: number
  /** Sizes of the neighbours that it is made of, outermost first. */
  readonly sizes: readonly number[]
  /** True when the statistics keep it. */
  readonly kept: boolean
  /** Logical names of the axes and parts in it. */
  readonly names: readonly string[]
}

/** x is reshaped to the sizes of these, which needs no copy: they stand in memory order. */
export type Folded = readonly FoldedDim[]

const words = (along: string): string[] => along.split(/\s+/).filter(Boolean)
const varies = (names: readonly string[], along: readonly string[]): boolean =>
  names.some((name) => along.includes(name))

/**
 * @param alongs what the parameters and states vary along. Dimensions fold only where all of them agree;
 * null folds only dimensions of one name, for a record whose own forward may call any axis by its name.
 */
export function fold(plan: Plan, alongs: readonly string[] | null): Folded {
  const kinds = alongs?.map(words)
  const kindOf = ({ axis, name, kept }: PlanDim): string =>
    kinds ? [kept, ...kinds.map((along) => varies([axis, name], along))].join() : `${axis} ${name}`
  const folded: { size: number; sizes: number[]; kept: boolean; names: string[]; kind: string }[] = []
  for (const dim of plan.dims) {
    if (dim.size === 1) continue
    const kind = kindOf(dim)
    const last = folded.at(-1)
    if (last?.kind === kind) {
      last.size *= dim.size
      last.sizes.push(dim.size)
      last.names.push(dim.axis, dim.name)
    } else {
      const { size, kept, axis, name } = dim
      folded.push({ size, sizes: [size], kept, names: [axis, name], kind })
    }
  }
  return folded.length ? folded : [{ size: 1, sizes: [1], kept: true, names: [] }]
}

export const sizesOf = (folded: Folded): number[] => folded.map(({ size }) => size)

/** Shape of an array kept along `along`: the full size where it varies, else 1. */
export function spreadOf(folded: Folded, along: string): number[] {
  const kept = words(along)
  return folded.map(({ names, size }) => (varies(names, kept) ? size : 1))
}

/** The dimensions that `keep` does not name. */
export function axesBut(folded: Folded, keep: string): number[] {
  const kept = words(keep)
  return folded.flatMap(({ names }, i) => (varies(names, kept) ? [] : [i]))
}

/** The dimensions that the statistics reduce over. */
export const reducedAxes = (folded: Folded): number[] => folded.flatMap(({ kept }, i) => (kept ? [] : [i]))
