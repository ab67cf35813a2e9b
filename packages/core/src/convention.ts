/** A framework's defaults, by the variants' names. */
import { NormlabError } from './errors.ts'
import type { NormRecord } from './variant.ts'

export interface ConventionEntry {
  /** Defaults of options and the binding of axes. */
  readonly options: Readonly<Record<string, unknown>>
  /** Fields of the record that differ, such as the pattern of interleaved groups. */
  readonly record?: Partial<Pick<NormRecord, 'stats' | 'params'>>
}

/** Everywhere gamma begins at 1, beta at 0, running mean at 0 and running variance at 1. */
export interface Convention {
  readonly framework: string
  readonly variants: Readonly<Record<string, ConventionEntry>>
}

export const isConvention = (value: object): value is Convention =>
  Boolean((value as Partial<Convention> | null)?.framework && (value as Convention).variants)

/** @throws NormlabError when the framework does not have the variant. */
export function entryOf({ framework, variants }: Convention, name: string): ConventionEntry {
  const entry = variants[name]
  if (!entry)
    throw new NormlabError(
      'with',
      `${framework} has no ${name}`,
      `It has ${Object.keys(variants).join(', ')}`,
    )
  return entry
}
