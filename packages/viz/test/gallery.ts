/**
 * Every figure with the data that break figures. The site's /gallery/ shows them beside the usual ones of `figures`, and
 * compares screenshots. A figure without an entry is a type error, and fails gallery.test.ts.
 */
import * as viz from '../src/index.ts'
import { arrays } from './edges/arrays.ts'
import { charts } from './edges/charts.ts'
import type { Cases } from './edges/data.ts'
import { distributions } from './edges/distributions.ts'
import { networks } from './edges/networks.ts'
import { figures } from './figures.ts'

export { edges, type Case, type Edge } from './edges/data.ts'

/** The functions of viz that draw nothing. */
export const notFigures = [
  'axesFacts',
  'axesFormula',
  'axisClass',
  'axisColor',
  'bowlFacts',
  'cloudFacts',
  'distributionTable',
  'middleOf',
  'operatingFacts',
  'patternMarkup',
  'ridgelineCaption',
  'sharedDomain',
  'spearman',
  'standalone',
  'token',
  'unitPlaces',
  'variantFigure',
] as const satisfies readonly (keyof Viz)[]

type Viz = typeof viz
type Drawing = {
  [K in keyof Viz]: Viz[K] extends (...given: never[]) => string ? K : never
}[keyof Viz]
export type FigureName = Exclude<Drawing, (typeof notFigures)[number]>

export const gallery: Readonly<Record<FigureName, Cases>> = {
  ...distributions,
  ...charts,
  ...arrays,
  ...networks,
}

/** The usual drawings of a figure, with their names: those of `figures` whose name begins with its own. */
export const usualOf = (name: string): [string, () => string][] =>
  Object.entries(figures).filter(([key]) => ownerOf(key) === name)

/** The longest name that `key` begins with: `axesTable` is one of `axes`. */
export const ownerOf = (key: string): string | undefined =>
  Object.keys(gallery)
    .filter((name) => key.startsWith(name))
    .toSorted((a, b) => b.length - a.length)[0]
