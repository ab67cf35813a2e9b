/** Distributions. */
import * as viz from '../../src/index.ts'
import { bell, recordOf } from '../figures.ts'
import { broken, list, long, MANY, many, word, type Cases } from './data.ts'

const first = bell(1, 0, 1)
const partly = { ...first, histogram: { ...first.histogram, notFinite: 12 } }

export const distributions = {
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
} satisfies Record<string, Cases>

/** `count` values of 2. */

function single(count: number, epoch = 1) {
  return bell(epoch, 2, 1, {
    histogram: { min: 0, max: 4, counts: [0, 0, count, 0], outside: 0, notFinite: 0 },
    summary: { count, mean: 2, variance: 0, min: 2, max: 2 },
  })
}

function strip(name: string, values: readonly number[], mark?: number): viz.StripGroup {
  return { name, strips: [{ name, values, domain: [-1, 1], mark }] }
}
