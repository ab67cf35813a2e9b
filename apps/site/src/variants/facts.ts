/** What is known of a variant outside its record: the conventions of frameworks, and times. */
import { conventions, type Convention } from '@normlab/core'
import recorded from '../../../../docs/variants/timings.json'

const all = Object.values(conventions) as readonly Convention[]

export interface Sold {
  readonly framework: string
  /** Its name there; undefined where only its defaults are known. */
  readonly name: string | undefined
  /** Defaults that differ from the record's, or that it adds: `epsilon 0.001`. */
  readonly differs: readonly string[]
}

interface Known {
  readonly name: string
  readonly ships: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, unknown>>
}

/** 1e-7 rather than 0.0000001; a power of two as such. */
export function figure(value: unknown): string {
  if (typeof value !== 'number') return String(value)
  if (value === 2 ** -23) return '2⁻²³'
  return value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential().replace('e-', 'e−') : String(value)
}

/** Frameworks that have it, and how their defaults differ from the record's. */
export function soldBy({ name, ships, options }: Known): Sold[] {
  const spoken = new Map(Object.entries(ships).map(([key, called]) => [key.toLowerCase(), { key, called }]))
  const known = all.flatMap((convention): Sold[] => {
    const key = Object.entries(conventions).find(([, value]) => value === convention)![0]
    const called = spoken.get(key)?.called
    spoken.delete(key)
    const entry = convention.variants[name]
    if (!entry) return called ? [{ framework: convention.framework, name: called, differs: [] }] : []
    const differs = Object.entries(entry.options)
      .filter(([option, value]) => options[option] !== value)
      .map(([option, value]) => `${option} ${figure(value)}`)
    const pattern = entry.record?.stats ? [entry.record.stats.replace('->', '→')] : []
    return [{ framework: convention.framework, name: called, differs: [...differs, ...pattern] }]
  })
  return [
    ...known,
    ...[...spoken.values()].map(({ key, called }) => ({ framework: key, name: called, differs: [] })),
  ]
}

/** The first convention that changes a variant's defaults, by its name in `conventions`; undefined where none does. */
export const changedBy = ({ name }: Known): string | undefined =>
  Object.entries(conventions).find(([, { variants }]) => Object.hasOwn(variants, name))?.[0]

export interface Timing {
  readonly pass: string
  readonly shape: string
  /** ns an element. */
  readonly ns: number
  /** Speed of memory = 1. */
  readonly ofTraffic: number
}

/** A row of `pnpm bench core --best --json docs/variants/timings.json`, of which the rows of `core` are kept. */
interface Row {
  readonly op: string
  readonly pass: string
  readonly shape: readonly number[]
  readonly candidate: string
  readonly nsPerElement: number
  readonly ofTraffic: number
}

export function timingsOf(exported: string): Timing[] {
  return (recorded as readonly Row[])
    .filter(({ op, candidate }) => op === exported && candidate === 'core')
    .map(({ pass, shape, nsPerElement, ofTraffic }) => ({
      pass,
      shape: shape.join(' × '),
      ns: nsPerElement,
      ofTraffic,
    }))
}
