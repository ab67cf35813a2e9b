/** Every variant that has cells, from its record alone. Runs when the site is built: the page gets no variant's code. */
import { records } from '@normlab/core/records'
import { variantFigure } from '@normlab/viz'
import { slugOf } from '../variants/slug.ts'
import type { AxesState, KnownVariant } from './state.ts'

export const known: readonly KnownVariant[] = Object.values(records).flatMap((variant): KnownVariant[] => {
  const noise = variant.kind === 'noise'
  if ((noise ? variant.mask : variant.stats) === null) return []
  const { pattern, options } = variantFigure(variant, variant.cases[0])
  return [
    {
      slug: slugOf(variant),
      name: variant.name,
      pattern,
      what: noise ? 'mask' : 'statistic',
      shares: options.shares,
      center: noise || variant.center,
      scale: noise ? 'none' : variant.scale,
      own: Boolean('apply' in variant && variant.apply),
      sizes: options.sizes ?? {},
    },
  ]
})

/** What stands there before anybody touches it, and without JavaScript. */
export const start: AxesState = {
  variant: 'group-norm',
  pattern: known.find(({ slug }) => slug === 'group-norm')!.pattern,
  sizes: { n: 3, s: 4, c: 6, g: 2 },
  cell: 0,
}
