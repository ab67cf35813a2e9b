/** Blocks and networks. */
import * as viz from '../../src/index.ts'
import { broken, holdsNone, list, long, many, word, type Cases } from './data.ts'

export const networks = {
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
} satisfies Record<string, Cases>

function network(label: string, units: number, values: readonly number[]): viz.LayerOfUnits {
  return { label, units: list(units, () => [{ label: 'pre-activation', values }]) }
}
