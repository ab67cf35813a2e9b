/** Bars, curves and planes. */
import * as viz from '../../src/index.ts'
import { broken, list, long, MANY, many, pairs, word, type Cases } from './data.ts'

export const charts = {
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
} satisfies Record<string, Cases>
