/** Arrays and their numbers. */
import { planOf } from '@normlab/core'
import * as viz from '../../src/index.ts'
import { broken, holdsNone, list, long, many, word, type Cases } from './data.ts'

export const arrays = {
  axes: {
    empty: (width) => viz.axes('n s c -> c', [0, 3, 3], { width }),
    one: (width) => viz.axes('n s c -> c', [1, 1, 1], { width }),
    notFinite: holdsNone,
    constant: holdsNone,
    many: (width) => viz.axes('n s (g k) -> n g', [4096, 512, 512, 1024], { width, sizes: { g: 32 } }),
    long: (width) =>
      viz.axes('batch height width channels -> channels', [4, 2, 3, 3], { width, title: long, name: word }),
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
} satisfies Record<string, Cases>
