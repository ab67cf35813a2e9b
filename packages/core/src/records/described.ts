/** A variant together with what its file says about it. */
import type { About } from '../about.ts'
import { checkOptions, NormlabError } from '../errors.ts'
import type { Noise } from '../noise.ts'
import type { AnyNorm } from '../normTypes.ts'
import { formulaOf } from './formula.ts'

/** A variant in use, and all of its `About`. */
export type Described<V = AnyNorm | Noise> = V &
  Required<Omit<About, 'unverified' | 'when'>> &
  Pick<About, 'unverified' | 'when'>

/**
 * Adds what is known about a variant, one of core's or your own, to what it computes. A formula that nobody wrote is derived.
 * @param about left out where the variant's own definition says it.
 * @throws NormlabError naming the field that is missing or contradicts itself.
 */
export function described<V extends { readonly name: string }>(
  variant: V,
  about: Partial<About> = {},
): Described<V> {
  checkOptions('about', about)
  const record = { ships: {}, cases: [{}], ...variant, ...about } as unknown as Described<AnyNorm | Noise>
  const { name, paper, ships, cases } = record
  if (paper === undefined)
    throw new NormlabError('paper', `${name} has none`, 'Give { authors, year, title, url }')
  checkOptions('ships', ships)
  if (!Array.isArray(cases) || cases.length === 0)
    throw new NormlabError('cases', `${name} has none`, 'Give at least one: cases: [{}]')
  return { ...record, formula: record.formula ?? formulaOf(record) } as unknown as Described<V>
}

/** The variant that a file exports as `name`, with the file's `about` if it has one. */
export function fromFile<F extends object, N extends keyof F>(file: F, name: N): Described<F[N]> {
  const { about } = file as { about?: () => About }
  return described(file[name] as AnyNorm, about?.()) as unknown as Described<F[N]>
}
