/** From a variant's record to its axes figure. */
import { NormlabError, parsePattern } from '@normlab/core'
import type { AxesOptions } from './model.ts'

/** The fields of a record that its figure needs; any variant of `@normlab/core` has them. */
export interface FigureOfVariant {
  readonly name: string
  readonly kind: string
  readonly stats?: string | null
  readonly mask?: string | null
  readonly center?: boolean
  readonly scale?: string
  readonly options: Readonly<Record<string, unknown>>
  /** A forward of its own: centre and scale do not say which statistics it takes. */
  readonly apply?: unknown
}

const SCALES: Record<string, string> = {
  std: 'one variance',
  rms: 'one mean square',
  l2: 'one Euclidean length',
}

/**
 * Pattern and options for `axes`, from a record: name, sizes of parts, what is shared.
 * @param options values of options, which win over the record's own.
 * @throws NormlabError (argument `variant`) when it says outright that it has no cells.
 */
export function variantFigure(
  variant: FigureOfVariant,
  options: Readonly<Record<string, unknown>> = {},
): { pattern: string; options: AxesOptions } {
  const noise = variant.kind === 'noise'
  const pattern = noise ? variant.mask : variant.stats
  if (!pattern)
    throw new NormlabError('variant', `${variant.name} has no cells`, 'There is no axes figure to draw')
  const all: Record<string, unknown> = { ...variant.options, ...options }
  const parts = parsePattern(pattern).axes.flatMap((axis) => (axis.parts.length > 1 ? axis.parts : []))
  const sizes = Object.fromEntries(
    parts.filter((part) => typeof all[part] === 'number').map((part) => [part, all[part] as number]),
  )
  const own = variant.apply
    ? []
    : [variant.center === false ? '' : 'one mean', SCALES[variant.scale ?? ''] ?? '']
  const shared = own.filter(Boolean).join(' and ') || 'their statistics'
  return {
    pattern,
    options: {
      name: variant.name,
      what: noise ? 'mask' : 'statistic',
      sizes,
      shares: noise ? undefined : shared,
    },
  }
}
