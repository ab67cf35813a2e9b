/** The table of conventions, from core's own record of them. */
import { conventions, variants, type Convention } from '@normlab/core'
import { conventionNotes } from '@normlab/core/records'

export interface Row {
  readonly variant: string
  /** One cell a framework, in the order of `frameworks`; null where it does not ship the variant. */
  readonly cells: readonly (readonly string[] | null)[]
}

const all = Object.values(conventions) as readonly Convention[]

export const frameworks: readonly string[] = all.map(({ framework }) => framework)

export const notes = Object.entries(conventionNotes).map(([key, said]) => ({
  framework: conventions[key as keyof typeof conventions].framework,
  said,
}))

/** 1e-7 rather than 0.0000001; a power of two as such. */
function figure(value: unknown): string {
  if (typeof value !== 'number') return String(value)
  if (value === 2 ** -23) return '2⁻²³'
  return value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential().replace('e-', 'e−') : String(value)
}

function cellOf(convention: Convention, name: string): readonly string[] | null {
  const entry = convention.variants[name]
  if (!entry) return null
  const options = Object.entries(entry.options).map(([key, value]) => `${key} ${figure(value)}`)
  return [...options, ...(entry.record?.stats ? [entry.record.stats.replace('->', '→')] : [])]
}

export const rows: readonly Row[] = variants
  .map(({ name }) => ({ variant: name, cells: all.map((convention) => cellOf(convention, name)) }))
  .filter(({ cells }) => cells.some(Boolean))
