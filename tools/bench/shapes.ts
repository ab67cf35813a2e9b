/** What is timed, from the records alone: a new variant has its rows with nothing edited. */
import { NormlabError, type AnyNorm, type Noise } from '@normlab/core'
import { records, type Described } from '@normlab/core/records'

export type Pass = 'forward' | 'backward' | 'inference'
export type Traffic = 'copy' | 'add' | 'read+copy' | 'read,read,add'

export interface Job {
  readonly op: string
  readonly variant: AnyNorm | Noise
  readonly pass: Pass
  readonly shape: readonly number[]
  readonly options: Readonly<Record<string, unknown>>
  /** The plain loop that moves the same data. */
  readonly traffic: Traffic
}

const ROWS = [
  [4096, 768],
  [512, 4096],
  [32, 64],
]
const IMAGES = [
  { shape: [32, 56, 56, 64], options: {} },
  { shape: [32, 64, 56, 56], options: { axis: 1 } },
]
/** For variants whose forward runs on the reference. */
const SMALL = [{ shape: [8, 14, 14, 32], options: {} }]

/** Of every variant, by the name under which core exports it. */
export const allJobs = (): Job[] => Object.entries(records).flatMap(([op, variant]) => jobsOf(op, variant))

export function jobsOf(op: string, variant: unknown): Job[] {
  const record = variant as Described<AnyNorm> | Described<Noise>
  if (record.kind === 'noise') {
    const shape = record.apply ? [8, 14, 14, 32] : [4096, 1024]
    return (['forward', 'backward'] as const).map((pass) => job(op, record, pass, shape, {}))
  }
  const values = record.cases[0]
  const fits = ({ shape, options }: { shape: readonly number[]; options: object }): boolean => {
    try {
      return record.plan(shape, { ...options }).size > 0
    } catch (error) {
      if (error instanceof NormlabError) return false
      throw error
    }
  }
  const perRow = record.stats?.split('->')[1].trim() === 'n s'
  const candidates = record.apply ? SMALL : perRow ? ROWS.map((shape) => ({ shape, options: {} })) : IMAGES
  const passes: Pass[] = [
    'forward',
    'backward',
    ...(record.running && !record.apply ? ['inference' as const] : []),
  ]
  return candidates
    .map(({ shape, options }) => ({
      shape,
      options: { ...options, ...(record.name === 'GroupNorm' ? {} : values) },
    }))
    .filter(fits)
    .flatMap(({ shape, options }) => passes.map((pass) => job(op, record, pass, shape, options)))
}

function job(
  op: string,
  variant: Job['variant'],
  pass: Pass,
  shape: readonly number[],
  options: object,
): Job {
  const rows = variant.kind === 'noise' || variant.stats?.split('->')[1].trim() === 'n s'
  const back = pass === 'backward'
  const traffic: Traffic =
    variant.kind === 'noise' || pass === 'inference'
      ? 'copy'
      : rows
        ? back
          ? 'add'
          : 'copy'
        : back
          ? 'read,read,add'
          : 'read+copy'
  return { op, variant, pass, shape, options: options as Job['options'], traffic }
}
