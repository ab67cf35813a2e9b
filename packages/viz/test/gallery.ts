/**
 * Every figure with the data that break figures. The site's /gallery/ shows them beside the usual ones of `figures`, and
 * compares screenshots. A figure without an entry is a type error, and fails gallery.test.ts.
 */
import { planOf } from '@normlab/core'
import * as viz from '../src/index.ts'
import { bell, chain, figures, recordOf } from './figures.ts'

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

export const edges = {
  empty: 'nothing',
  one: 'one value',
  notFinite: 'NaN and infinite values',
  constant: 'all values equal',
  many: '100 000 values, or the most that is taken',
  long: 'long labels',
} as const
export type Edge = keyof typeof edges

/** A drawing for a phone's width; or why there is none. */
export type Case = ((width: number) => string) | string
export type Cases = Readonly<Record<Edge, Case>>

const MANY = 100_000
const many = chain(MANY)
const broken = [1, NaN, 3, Infinity, -Infinity, 2]
const long = 'a label that is far longer than the room that any figure has for it, for it goes on and on'
const word = 'Normalisierungsverfahrensvergleichstabelle'
const list = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i))
const pairs = (x: readonly number[]) => x.map((value, i) => [value, x[x.length - 1 - i]] as const)
const holdsNone = 'It draws shapes, not values.'
const first = bell(1, 0, 1)
const partly = { ...first, histogram: { ...first.histogram, notFinite: 12 } }

export const gallery: Readonly<Record<FigureName, Cases>> = {
  ridgeline: {
    empty: (width) => viz.ridgeline(recordOf(), { width }),
    one: (width) => viz.ridgeline(recordOf(single(1)), { width }),
    notFinite: (width) => viz.ridgeline(recordOf(partly), { width }),
    constant: (width) => viz.ridgeline(recordOf(single(500), single(500, 2)), { width }),
    many: (width) =>
      viz.ridgeline(recordOf(...list(60, (i) => bell(i, i / 20 - 1, 1))), { width, tone: 'with' }),
    long: (width) =>
      viz.ridgeline(recordOf(bell(1, 0, 1), bell(2, 1, 1)), {
        width,
        title: long,
        xLabel: long,
        caption: long,
        rowLabel: () => word,
      }),
  },
  axes: {
    empty: (width) => viz.axes('n s c -> c', [0, 3, 3], { width }),
    one: (width) => viz.axes('n s c -> c', [1, 1, 1], { width }),
    notFinite: holdsNone,
    constant: holdsNone,
    many: (width) => viz.axes('n s (g k) -> n g', [4096, 512, 512, 1024], { width, sizes: { g: 32 } }),
    long: (width) =>
      viz.axes('batch height width channels -> channels', [4, 2, 3, 3], { width, title: long, name: word }),
  },
  rankShift: {
    empty: (width) => viz.rankShift([], { width }),
    one: (width) => viz.rankShift([{ id: 1, from: 0, to: 2 }], { width }),
    notFinite: (width) =>
      viz.rankShift(
        broken.map((from, id) => ({ id, from, to: id })),
        { width },
      ),
    constant: (width) =>
      viz.rankShift(
        list(20, (id) => ({ id, from: 3, to: 3 })),
        { width },
      ),
    many: (width) =>
      viz.rankShift(
        many.map((from, id) => ({ id, from, to: from / 2 + many[MANY - 1 - id] })),
        { width },
      ),
    long: (width) =>
      viz.rankShift(
        list(9, (id) => ({ id, from: id * 1e4, to: -id })),
        {
          width,
          title: long,
          from: long,
          to: word,
          yLabel: long,
          tone: 'with',
        },
      ),
  },
  driftBars: {
    empty: (width) => viz.driftBars([], { width }),
    one: (width) => viz.driftBars([{ label: 'layer 1', without: 0.2, with: 0.1 }], { width }),
    notFinite: (width) =>
      viz.driftBars(
        [
          { label: 'not measured', without: null, with: 0.1 },
          { label: 'infinite', without: Infinity, with: NaN },
        ],
        { width },
      ),
    constant: (width) =>
      viz.driftBars(
        list(3, (i) => ({ label: `layer ${i}`, without: 0, with: 0 })),
        { width },
      ),
    many: (width) =>
      viz.driftBars(
        list(20, (i) => ({ label: `layer ${i}`, without: i, with: -i / 9 })),
        { width },
      ),
    long: (width) =>
      viz.driftBars([{ label: long, without: 1e6, with: 1e-6 }], { width, title: long, xLabel: word }),
  },
  lossCurves: {
    empty: (width) => viz.lossCurves([], { width }),
    one: (width) => viz.lossCurves([{ name: 'loss', points: [[3, 0.5]] }], { width }),
    notFinite: (width) => viz.lossCurves([{ name: 'loss', points: broken.map((y, x) => [x, y]) }], { width }),
    constant: (width) => viz.lossCurves([{ name: 'loss', points: list(9, (x) => [x, 2]) }], { width }),
    many: (width) =>
      viz.lossCurves([{ name: 'loss', points: many.map((y, x) => [x, y + x / MANY]) }], { width }),
    long: (width) =>
      viz.lossCurves(
        [long, word, 'short'].map((name, i) => ({ name, points: list(9, (x) => [x, x * i]) })),
        {
          width,
          title: long,
          xLabel: long,
          yLabel: long,
          caption: long,
        },
      ),
  },
  valueGrid: {
    empty: (width) => viz.valueGrid([{ label: 'x', data: [], shape: [0, 3] }], { width }),
    one: (width) => viz.valueGrid([{ label: 'x', data: [7], shape: [] }], { width }),
    notFinite: (width) => viz.valueGrid([{ label: 'x', data: broken, shape: [2, 3] }], { width }),
    constant: (width) =>
      viz.valueGrid([{ label: 'x', data: list(6, () => 4), shape: [2, 3] }], {
        width,
        plan: planOf('n c -> c', [2, 3]),
      }),
    many: (width) =>
      viz.valueGrid([{ label: 'x', data: many.slice(0, 400), shape: [40, 10] }], {
        width,
        plan: planOf('n c -> n', [40, 10]),
      }),
    long: (width) =>
      viz.valueGrid([{ label: long, data: [-123456, 1e-9, 99999.5, 0], shape: [2, 2] }], {
        width,
        title: long,
      }),
  },
  valueSteps: {
    empty: (width) => viz.valueSteps([], { width }),
    one: (width) => viz.valueSteps([{ name: 'x', values: [2] }], { width }),
    notFinite: (width) => viz.valueSteps([{ name: 'x', values: broken }], { width }),
    constant: (width) => viz.valueSteps([{ name: 'x', values: [3, 3, 3] }], { width, follow: 1 }),
    many: (width) => viz.valueSteps([{ name: 'x', values: many.slice(0, 64) }], { width }),
    long: (width) =>
      viz.valueSteps(
        [
          { name: long, formula: long, values: [-1e5, 123456.789] },
          { name: word, formula: word, values: [2] },
        ],
        { width, title: long, xLabel: long },
      ),
  },
  flow: {
    empty: (width) => viz.flow([], { width }),
    one: (width) => viz.flow([{ label: 'Linear' }], { width }),
    notFinite: holdsNone,
    constant: holdsNone,
    many: (width) =>
      viz.flow(
        list(12, (i) => ({ label: `Layer ${i}`, passes: `x${i}` })),
        { width },
      ),
    long: (width) =>
      viz.flow([{ label: long, detail: long, passes: [long, word], tone: 'without' }, { label: word }], {
        width,
        title: long,
      }),
  },
  operatingRange: {
    empty: (width) => viz.operatingRange([], { width }),
    one: (width) => viz.operatingRange([{ name: 'z', values: [1] }], { width }),
    notFinite: (width) => viz.operatingRange([{ name: 'z', values: broken }], { width }),
    constant: (width) =>
      viz.operatingRange([{ name: 'z', values: list(50, () => 2) }], { width, activation: 'relu' }),
    many: (width) =>
      viz.operatingRange([{ name: 'z', tone: 'with', values: many }], { width, activation: 'relu' }),
    long: (width) =>
      viz.operatingRange([{ name: long, values: [-4e5, 4e5] }], {
        width,
        title: long,
        xLabel: long,
        activation: 'relu',
      }),
  },
  runningIndex: {
    empty: 'Refused: a table has at least one row and one column.',
    one: (width) => viz.runningIndex({ samples: ['A'], features: ['x'], values: [2] }, { width }),
    notFinite: (width) =>
      viz.runningIndex({ samples: ['A', 'B'], features: ['x', 'y', 'z'], values: broken }, { width }),
    constant: (width) =>
      viz.runningIndex({ samples: ['A', 'B'], features: ['x', 'y'], values: [5, 5, 5, 5] }, { width }),
    many: (width) =>
      viz.runningIndex(
        { samples: list(12, (i) => `${i}`), features: list(12, (i) => `x${i}`), values: many.slice(0, 144) },
        { width, at: 11 },
      ),
    long: (width) =>
      viz.runningIndex(
        { samples: [long, word], features: [word, long], values: [-123456, 1e-7, 0.5, 1e9] },
        { width, title: long },
      ),
  },
  maskedNetwork: {
    empty: (width) => viz.maskedNetwork([], { width }),
    one: (width) => viz.maskedNetwork([{ label: 'layer', values: [1] }], { width }),
    notFinite: (width) => viz.maskedNetwork([{ label: 'layer', values: broken }], { width }),
    constant: (width) => viz.maskedNetwork([{ label: 'layer', values: [0, 0], kept: [0, 0] }], { width }),
    many: (width) =>
      viz.maskedNetwork(
        list(8, (i) => ({ label: `${i}`, values: many.slice(i, i + 16) })),
        { width },
      ),
    long: (width) =>
      viz.maskedNetwork(
        [long, word].map((label) => ({ label, values: [-123456] })),
        { width, title: long, caption: long },
      ),
  },
  histograms: {
    empty: (width) => viz.histograms([], { width }),
    one: (width) => viz.histograms([{ label: 'one', values: [2] }], { width }),
    notFinite: (width) => viz.histograms([{ label: 'broken', values: broken }], { width }),
    constant: (width) =>
      viz.histograms([{ label: 'equal', values: list(30, () => 4), fill: 'hatched' }], { width }),
    many: (width) => viz.histograms([{ label: 'many', values: many, fill: 'open' }], { width }),
    long: (width) =>
      viz.histograms(
        [
          { label: long, values: [-123456, 1e6] },
          { label: word, values: [0, 1] },
        ],
        { width, title: long, xLabel: long, caption: long, threads: 2 },
      ),
  },
  unitNetwork: {
    empty: (width) => viz.unitNetwork([], { width }),
    one: (width) => viz.unitNetwork([network('layer', 1, [2])], { width }),
    notFinite: (width) => viz.unitNetwork([network('layer', 2, broken)], { width, tapped: [0, 1] }),
    constant: (width) => viz.unitNetwork([network('layer', 2, [0, 0, 0])], { width }),
    many: (width) =>
      viz.unitNetwork(
        list(6, (i) => network(`${i}`, 12, many.slice(i, i + 1388))), // 12 x 6 x 1388 values
        { width },
      ),
    long: (width) =>
      viz.unitNetwork([network(long, 1, [1, 2]), network(word, 2, [-1, 4])], {
        width,
        title: long,
        caption: long,
        tapped: [1, 0],
      }),
  },
  lossContours: {
    empty: (width) => viz.lossContours([], { width }),
    one: (width) => viz.lossContours([{ name: 'no path', hessian: [1, 0, 9], minimum: [1, 2] }], { width }),
    notFinite: (width) =>
      viz.lossContours(
        [
          {
            name: 'leaves',
            hessian: [1, 0, 9],
            minimum: [0, 0],
            path: [
              [1, 1],
              [2, -9],
              [NaN, Infinity],
            ],
          },
        ],
        { width },
      ),
    constant: (width) => viz.lossContours([{ name: 'flat', hessian: [0, 0, 0], minimum: [0, 0] }], { width }),
    many: (width) =>
      viz.lossContours([{ name: 'walk', hessian: [1, 1, 1], minimum: [0, 0], path: pairs(many) }], { width }),
    long: (width) =>
      viz.lossContours(
        [{ name: long, tone: 'with', hessian: [1, 0.5, 2], minimum: [123456, -1e-7], path: [[123450, 0]] }],
        { width, title: long, xLabel: long, yLabel: word, caption: long },
      ),
  },
  clouds: {
    empty: (width) => viz.clouds([{ name: 'none', points: [] }], { width }),
    one: (width) => viz.clouds([{ name: 'one', points: [[3, 4]], marks: { A: 0 } }], { width }),
    notFinite: (width) => viz.clouds([{ name: 'broken', points: pairs(broken) }], { width }),
    constant: (width) => viz.clouds([{ name: 'one place', points: list(20, () => [1, 1]) }], { width }),
    many: (width) => viz.clouds([{ name: 'many', points: pairs(many) }], { width }),
    long: (width) =>
      viz.clouds(
        [
          {
            name: long,
            points: [
              [1e6, 1e-6],
              [2e6, 0],
            ],
            marks: { [word]: 0 },
          },
        ],
        {
          width,
          title: long,
          xLabel: long,
          yLabel: word,
          caption: long,
        },
      ),
  },
  strips: {
    empty: (width) => viz.strips([], { width }),
    one: (width) => viz.strips([strip('one', [0.5], 0)], { width }),
    notFinite: (width) => viz.strips([strip('broken', broken)], { width }),
    constant: (width) =>
      viz.strips(
        [
          strip(
            'equal',
            list(30, () => 0),
          ),
        ],
        { width },
      ),
    many: (width) => viz.strips([strip('many', many, 7)], { width }),
    long: (width) =>
      viz.strips([strip(long, [1, 2e6], 1), strip(word, [0])], { width, title: long, caption: long }),
  },
}

/** `count` values of 2. */
function single(count: number, epoch = 1) {
  return bell(epoch, 2, 1, {
    histogram: { min: 0, max: 4, counts: [0, 0, count, 0], outside: 0, notFinite: 0 },
    summary: { count, mean: 2, variance: 0, min: 2, max: 2 },
  })
}

function network(label: string, units: number, values: readonly number[]): viz.LayerOfUnits {
  return { label, units: list(units, () => [{ label: 'pre-activation', values }]) }
}

function strip(name: string, values: readonly number[], mark?: number): viz.StripGroup {
  return { name, strips: [{ name, values, domain: [-1, 1], mark }] }
}

/** The usual drawings of a figure, with their names: those of `figures` whose name begins with its own. */
export const usualOf = (name: string): [string, () => string][] =>
  Object.entries(figures).filter(([key]) => ownerOf(key) === name)

/** The longest name that `key` begins with: `axesTable` is one of `axes`. */
export const ownerOf = (key: string): string | undefined =>
  Object.keys(gallery)
    .filter((name) => key.startsWith(name))
    .toSorted((a, b) => b.length - a.length)[0]
