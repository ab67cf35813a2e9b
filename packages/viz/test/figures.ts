/** The figures that Node and the browser must draw alike. Data without transcendental functions: those may differ. */
import { planOf, type Distribution, type DistributionRecord } from '@normlab/core'
import {
  axes,
  clouds,
  driftBars,
  flow,
  histograms,
  lossContours,
  lossCurves,
  maskedNetwork,
  operatingRange,
  rankShift,
  ridgeline,
  runningIndex,
  strips,
  unitNetwork,
  valueGrid,
  valueSteps,
  type Mover,
} from '../src/index.ts'

export function bell(
  epoch: number,
  mean: number,
  width: number,
  extra: Partial<Distribution> = {},
): Distribution {
  const [min, max, bins] = [-8, 8, 64]
  const counts = Array.from({ length: bins }, (_, i) => {
    const x = (min + ((i + 0.5) * (max - min)) / bins - mean) / width
    return Math.round(500 / (1 + x * x) ** 3)
  })
  const count = counts.reduce((a, b) => a + b, 0)
  return {
    epoch,
    layer: 'dense_1',
    unit: 3,
    side: 'pre',
    histogram: { min, max, counts, outside: 0, notFinite: 0 },
    summary: { count, mean, variance: width * width * 0.33, min: -7.9, max: 7.9 },
    ...extra,
  }
}

export const recordOf = (...distributions: Distribution[]): DistributionRecord => ({
  format: 'normlab-distributions-1',
  distributions,
})

export const drifting = recordOf(
  ...[1, 2, 5, 10, 20, 30].map((epoch) => bell(epoch, -epoch / 12, 1 + epoch / 40)),
)
export const steady = recordOf(...[1, 2, 5, 10, 20, 30].map((epoch) => bell(epoch, epoch / 200, 1)))

/** A chain of remainders: far from random, but everywhere the same. */
export function chain(n: number): number[] {
  let state = 12345
  return Array.from({ length: n }, () => {
    state = (state * 1103 + 12345) % 65536
    return state / 32768 - 1
  })
}

const values = chain(400)
export const movers: Mover[] = Array.from({ length: 200 }, (_, i) => ({
  id: i,
  from: values[i],
  to: values[i] / 2 + values[399 - i],
}))

const labelled = {
  samples: ['A', 'B', 'C'],
  features: ['x₁', 'x₂', 'x₃', 'x₄'],
  values: [1, 2, 3, 6, 4, 0, 2, 2, 7, 10, 4, -1],
}

const points = Array.from(
  { length: 120 },
  (_, i) => [values[i], values[i] / 2 + values[i + 120] / 3] as const,
)

export const figures: Record<string, () => string> = {
  ridgelinePlain: () =>
    ridgeline(drifting, { tone: 'without', domain: [-6, 4], title: 'One neuron', caption: true }),
  ridgelineNarrow: () => ridgeline(steady, { tone: 'with', width: 280, highlight: 5 }),
  ridgelineSteps: () => ridgeline(drifting, { smooth: false, heights: 'peak', ghost: false }),
  axesTable: () => axes('n s c -> c', [4, 3], { name: 'BatchNorm', highlight: 1, formula: true }),
  axesBlock: () => axes('n s (g k) -> n g', [4, 3, 3, 6], { sizes: { g: 2 }, name: 'GroupNorm', width: 320 }),
  axesMask: () => axes('n s c -> n c', [2, 5, 3], { what: 'mask', formula: true }),
  axesLarge: () => axes('n s c -> n', [32, 56, 56, 64]),
  rankShift: () => rankShift(movers, { from: 'epoch 1', to: 'epoch 30', tone: 'with' }),
  driftBarsPairs: () => driftBars([{ label: 'dense_1', without: 0.03, with: 0.0012, withoutError: 0.004 }]),
  driftBarsParts: () =>
    driftBars([
      {
        label: 'own weight first',
        parts: [
          { name: 'own weights', value: -0.5 },
          { name: 'upstream', value: 0.225 },
        ],
      },
    ]),
  lossCurves: () =>
    lossCurves(
      [
        { name: 'without', tone: 'without', points: values.map((v, i) => [i, 2 + v / 4 - i / 400] as const) },
        {
          name: 'with',
          tone: 'with',
          points: values.map((v, i) => [i * 10, 1 / (1 + i) + (v + 1) / 9] as const),
        },
      ],
      { yScale: 'log' },
    ),
  valueGrid: () =>
    valueGrid(
      [
        { label: 'x', data: values.slice(0, 24), shape: [2, 3, 4] },
        { label: 'y', data: values.slice(24, 48), shape: [2, 3, 4] },
      ],
      { plan: planOf('n s (g k) -> n g', [2, 3, 4], {}, { g: 2 }), title: 'GroupNorm' },
    ),
  valueGridCell: () =>
    valueGrid([{ label: 'x', data: values.slice(0, 24), shape: [2, 3, 4] }], {
      plan: planOf('n s c -> n s', [2, 3, 4]),
      highlight: 4,
    }),
  runningIndex: () => runningIndex(labelled, { title: 'BatchNorm' }),
  runningIndexNarrow: () => runningIndex(labelled, { over: 'features', at: 2, width: 288 }),
  flow: () =>
    flow([
      { label: 'Linear', detail: 'W h + b', passes: ['mean 3', 'std 2'] },
      { label: 'BatchNorm', tone: 'with', passes: 'mean 0' },
      { label: 'ReLU' },
    ]),
  valueSteps: () =>
    valueSteps(
      [
        { name: 'x', values: [1, 2, 3, 6] },
        { name: 'mean', formula: 'their sum / 4', values: [3] },
        { name: 'x − mean', values: [-2, -1, 0, 3] },
      ],
      { step: 2, follow: 3, title: 'Centering' },
    ),
  operatingRange: () =>
    operatingRange(
      [
        { name: 'without', tone: 'without', values: values.map((value) => 8 * value + 3) },
        { name: 'with', tone: 'with', values: values.map((value) => value * 1.7) },
      ],
      { activation: 'relu', title: 'Operating range' },
    ),
  maskedNetwork: () =>
    maskedNetwork(
      [
        { label: 'input', values: values.slice(0, 3) },
        { label: 'hidden', values: values.slice(3, 8), kept: [1, 0, 1, 1, 0] },
        { label: 'output', values: [-1.5] },
      ],
      { width: 288, title: 'Training', caption: 'Two of five units are dropped.' },
    ),
  lossContours: () =>
    lossContours(
      [
        { name: 'round', hessian: [1, 0, 1], minimum: [2, 1] },
        { name: 'narrow', tone: 'without', hessian: [4, -1, 0.5], minimum: [0, 0], path: points.slice(0, 9) },
      ],
      { title: 'Two losses', caption: 'The narrow one takes longer.' },
    ),
  clouds: () =>
    clouds(
      [
        { name: 'as measured', points, marks: { A: 0, B: 7 } },
        { name: 'on a line', tone: 'with', points: points.map(([x]) => [x, -x] as const), reach: 2 },
      ],
      { width: 288 },
    ),
  histograms: () =>
    histograms(
      [
        { label: 'before', values: values.slice(0, 200), fill: 'open' },
        { label: 'normalized', values: values.slice(0, 200).map((v) => 1.7 * v), fill: 'hatched' },
        { label: 'after', values: values.slice(0, 200).map((v) => Math.max(v, 0)) },
      ],
      { width: 288, threads: 9, title: 'One unit', caption: 'What is below 0 becomes 0.' },
    ),
  unitNetwork: () =>
    unitNetwork(
      [2, 3, 1].map((units, l) => ({
        label: `layer ${l}`,
        units: Array.from({ length: units }, (_, u) => [
          { label: 'z', values: values.slice(40 * l + 9 * u, 40 * l + 9 * u + 60), fill: 'open' as const },
          ...(l ? [{ label: 'a', values: values.slice(9 * u, 9 * u + 60).map((v) => Math.max(v, 0)) }] : []),
        ]),
      })),
      { width: 300, tapped: [1, 2], title: 'A network' },
    ),
  strips: () =>
    strips([
      {
        name: 'evenly spread',
        strips: [
          { name: 'near', values, domain: [-1, 1], mark: 3 },
          { name: 'cut', values, domain: [-0.5, 0.2], mark: 5 },
        ],
      },
      { name: 'none', strips: [{ name: 'empty', values: [], domain: [0, 1] }] },
    ]),
}

/** Path of the fixture's hashes: FNV-1a of every figure. */
export { hash } from '../src/figure/svg.ts'
