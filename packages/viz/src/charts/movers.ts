import { NormlabError } from '@normlab/core'
import { asPrecise, integer, number, percent } from '../figure/format.ts'
import { show } from '../figure/show.ts'
import type { Mover, RankShiftOptions } from './rankShift.ts'
import { ranks, spearman } from './spearman.ts'

export interface Moving {
  /** By the value at the first moment. `lit`: set off. */
  readonly kept: readonly {
    readonly from: number
    readonly to: number
    readonly lit: boolean
    readonly name: string
  }[]
  readonly dropped: number
  readonly rho: number
  /** Of the highest quarter at the first moment, the share that is in the highest quarter at the second. */
  readonly stayed: number
}

/** @throws NormlabError naming `points`. */
export function moversOf(points: readonly Mover[], asRanks: boolean): Moving {
  if (!Array.isArray(points))
    throw new NormlabError('points', show(points), 'Give a list of { id, from, to }')
  for (const [i, point] of points.entries())
    if (typeof point?.from !== 'number' || typeof point.to !== 'number')
      throw new NormlabError(`points[${i}]`, show(point), 'Give { id, from, to } with numbers')
  const finite = points.filter((p) => Number.isFinite(p.from) && Number.isFinite(p.to))
  const first = ranks(finite.map((p) => p.from))
  const second = ranks(finite.map((p) => p.to))
  const grouped = finite.some((p) => p.group !== undefined)
  const bound = 0.75 * finite.length + 0.5
  const top = finite.map((_, i) => i).filter((i) => first[i] > bound)
  const kept = finite
    .map((p, i) => ({
      from: asRanks ? first[i] : p.from,
      to: asRanks ? second[i] : p.to,
      lit: grouped ? p.group === 1 : first[i] > bound,
      name: p.label ?? String(p.id),
    }))
    .toSorted((a, b) => a.from - b.from)
  return {
    kept,
    dropped: points.length - finite.length,
    rho: spearman(
      finite.map((p) => p.from),
      finite.map((p) => p.to),
    ),
    stayed: top.length ? top.filter((i) => second[i] > bound).length / top.length : NaN,
  }
}

export const rhoText = ({ rho }: Moving): string =>
  Number.isNaN(rho) ? 'ρ not defined' : `Spearman’s ρ = ${number(rho, 2)}`

export function findingOf(
  { kept, rho, stayed }: Moving,
  from: string,
  to: string,
  { scale }: RankShiftOptions,
): string {
  if (kept.length < 2) return `Fewer than two examples have a finite value at ${from} and at ${to}.`
  const [a, b] = [momentsOf(kept.map((p) => p.from)), momentsOf(kept.map((p) => p.to))]
  const precision = Math.max(a.std, b.std)
  const shape =
    scale === 'rank'
      ? ''
      : ` The mean goes from ${asPrecise(a.mean, precision)} to ${asPrecise(b.mean, precision)}, the standard deviation from ${asPrecise(a.std, precision)} to ${asPrecise(b.std, precision)}.`
  const moved = Number.isNaN(rho)
    ? `Spearman’s rho between ${from} and ${to} is not defined: all values of one side are equal.`
    : `Between ${from} and ${to}, Spearman’s rho over ${integer(kept.length)} examples is ${number(rho, 2)}.`
  const quarter =
    Number.isNaN(stayed) || Number.isNaN(rho)
      ? ''
      : ` Of the highest quarter at ${from}, ${percent(stayed)} is in the highest quarter at ${to}.`
  return moved + quarter + shape
}

function momentsOf(values: readonly number[]): { mean: number; std: number } {
  // From the first value on: values that are all equal have their mean exactly, and no deviation.
  const mean = values.reduce((sum, v) => sum + (v - values[0]) / values.length, values[0] ?? 0)
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2 / values.length, 0)) }
}
