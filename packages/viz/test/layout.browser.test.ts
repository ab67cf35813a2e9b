/** Measured in a real browser, with its own fonts: no text leaves its figure, and no two texts overlap. */
import { afterEach, expect, test } from 'vitest'
import {
  axes,
  clouds,
  driftBars,
  flow,
  histograms,
  lossContours,
  lossCurves,
  operatingRange,
  rankShift,
  ridgeline,
  strips,
  unitNetwork,
  valueSteps,
} from '../src/index.ts'
import { bell, chain, drifting, movers, recordOf, steady } from './figures.ts'

const WIDTHS = [280, 320, 500, 640, 1200]
const loss = (tone: 'with' | 'without', k: number) => ({
  name: `${tone} normalization`,
  tone,
  points: Array.from({ length: 50 }, (_, i) => [i * 400, k / (1 + i)] as const),
})

const drawings: Record<string, (width: number) => string> = {
  ridgeline: (width) =>
    ridgeline(drifting, {
      width,
      tone: 'without',
      title: 'One neuron over a batch of 512 examples',
      caption: true,
    }),
  'ridgeline, row set off': (width) =>
    ridgeline(steady, { width, tone: 'with', highlight: 30, domain: [-3, 3] }),
  'ridgeline, notes': (width) =>
    ridgeline(
      recordOf(
        { ...bell(10, 0, 1), histogram: { ...bell(10, 0, 1).histogram, notFinite: 12 } },
        bell(11, 3, 1),
      ),
      { width, domain: [-2, 2] },
    ),
  'ridgeline, long label': (width) =>
    ridgeline(steady, {
      width,
      xLabel: 'pre-activation of one unit of the third hidden layer (dimensionless)',
      rowLabel: (r) => `after epoch ${r.epoch}`,
    }),
  'axes, table': (width) =>
    axes('n s c -> n', [2, 3], { width, name: 'LayerNorm', title: 'Rows', formula: true }),
  'axes, wide table': (width) => axes('o i -> o', [64, 32, 3, 3], { width, name: 'Weight Standardization' }),
  'axes, row': (width) => axes('c -> ', [6], { width }),
  'axes, block': (width) =>
    axes('n s c -> n c', [4, 3, 3, 6], { width, name: 'InstanceNorm', formula: true }),
  'axes, groups': (width) =>
    axes('n s (g k) -> n g', [32, 56, 56, 64], { width, sizes: { g: 32 }, name: 'GroupNorm', formula: true }),
  'axes, ghost': (width) =>
    axes('(b m) s c -> b c', [1024, 3, 3, 4], { width, sizes: { b: 2 }, highlight: 1 }),
  'axes, small block': (width) => axes('n s c -> n s', [1, 2, 1], { width }),
  'axes, large sizes': (width) => axes('n s c -> c', [4096, 32, 32, 8, 1024], { width }),
  'axes, four axes': (width) => axes('n h w d c -> n d', [2, 3, 4, 2, 5], { width }),
  'axes, mask': (width) => axes('n s c -> n s c', [2, 4, 3], { width, what: 'mask', formula: true }),
  rankShift: (width) =>
    rankShift(movers, {
      width,
      tone: 'with',
      from: 'epoch 1',
      to: 'epoch 30',
      title: 'The shape is stable, the ranks move',
    }),
  'rankShift, ranks': (width) =>
    rankShift(movers, { width, scale: 'rank', from: 'before training', to: 'after 30 epochs' }),
  driftBars: (width) =>
    driftBars(
      [1, 2, 3].map((i) => ({
        label: `dense_${i}`,
        without: 0.03 * i,
        with: 0.0012,
        withoutError: 0.004,
        withError: 0.0004,
      })),
      { width, title: 'Drift', xLabel: 'drift of the mean (standard deviations per epoch)' },
    ),
  'driftBars, long labels': (width) =>
    driftBars([{ label: 'a label that is far too long to stand beside its bars', without: -1, with: 2 }], {
      width,
    }),
  'driftBars, parts': (width) =>
    driftBars(
      ['own weights first', 'upstream first'].map((label) => ({
        label,
        parts: [
          { name: 'own weights', value: -0.5 },
          { name: 'everything upstream', value: 0.225 },
          { name: 'both together', value: -0.15 },
        ],
      })),
      { width },
    ),
  lossCurves: (width) =>
    lossCurves([loss('without', 3), loss('with', 2.9)], {
      width,
      yLabel: 'cross-entropy (nats)',
      title: 'Training loss',
    }),
  'lossCurves, log': (width) =>
    lossCurves([loss('without', 3), loss('with', 0.003)], { width, yScale: 'log', caption: 'A caption.' }),
  flow: (width) =>
    flow(
      [
        { label: 'Input', passes: 'h' },
        { label: 'Layer 1', detail: 'z = W h', passes: ['mean −13.25', 'std 2.01'] },
        { label: 'BatchNorm', detail: 'γ ẑ + β', tone: 'with', passes: ['mean 0', 'std 1', 'in this batch'] },
        { label: 'ReLU' },
      ],
      { width, title: 'Where BatchNorm stands' },
    ),
  histograms: (width) =>
    histograms(
      ['pre-activation: z = w · h + b', 'pre-activation, after BatchNorm', 'activation: a, after ReLU'].map(
        (label, i) => ({ label, values: chain(200).map((v) => Math.max(9 * v + 4, i === 2 ? 0 : -99)) }),
      ),
      { width, threads: 16, title: 'hidden 2, unit 3', xLabel: 'value over 256 examples (dimensionless)' },
    ),
  unitNetwork: (width) =>
    unitNetwork(
      ['input', 'hidden 1', 'hidden 2', 'output'].map((label, l) => ({
        label,
        units: Array.from({ length: 4 - l }, () =>
          Array.from({ length: l % 3 ? 3 : 1 }, () => ({ label: 'z', values: chain(60) })),
        ),
      })),
      { width, tapped: [1, 0], caption: 'Left in a box: before the function. Right: after it.' },
    ),
  valueSteps: (width) =>
    valueSteps(
      [
        { name: 'x', formula: 'one neuron’s values over the batch', values: chain(12).map((v) => v * 4000) },
        { name: 'mean', formula: 'their sum / N', values: [12.5] },
        { name: 'x − mean', values: chain(12) },
      ],
      { width, step: 2, follow: 3, title: 'Centering' },
    ),
  operatingRange: (width) =>
    operatingRange(
      [
        { name: 'without normalization', tone: 'without', values: chain(400).map((v) => 9 * v + 4) },
        { name: 'with BatchNorm', tone: 'with', values: chain(400) },
      ],
      { width, title: 'Operating range', activation: 'tanh' },
    ),
  lossContours: (width) =>
    lossContours(
      [1, 25, 1000].map((wide) => ({
        name: `feature 2 is ${wide} times as wide as feature 1`,
        hessian: [1, 0.2, wide],
        minimum: [2000, -0.01],
        path: [[1990, 3]],
      })),
      {
        width,
        xLabel: 'weight of feature 1',
        yLabel: 'weight of feature 2',
        caption: 'The wider, the slower.',
      },
    ),
  clouds: (width) =>
    clouds(
      ['as measured', 'standardized', 'whitened, PCA', 'whitened, ZCA'].map((name, i) => ({
        name,
        points: chain(90).map((v, k, all) => [v + 1000 * i, v + all[89 - k]] as const),
        marks: { A: 1 },
      })),
      { width, title: 'Whitening' },
    ),
  strips: (width) =>
    strips(
      ['Gaussian', 'skewed', 'heavy-tailed'].map((name) => ({
        name,
        strips: [
          { name: 'min-max', values: chain(60), domain: [0, 1], mark: 3 },
          { name: 'median and quartiles', values: [...chain(60), NaN], domain: [-4000, 4000], mark: 4 },
        ],
      })),
      { width },
    ),
}

afterEach(() => document.body.replaceChildren())

for (const [name, draw] of Object.entries(drawings))
  test.each(WIDTHS)(`${name} at %i px`, (width) => {
    document.body.innerHTML = draw(width)
    const svg = document.querySelector('svg')!
    const frame = svg.getBoundingClientRect()
    expect(frame.width).toBe(width)
    // Letters on the faces of a block belong to the drawing; they lie where they must.
    const texts = [...svg.querySelectorAll('text')].filter(
      (t) => t.textContent && !t.hasAttribute('transform'),
    )
    const boxes = texts.map((t) => ({ words: t.textContent!, box: t.getBoundingClientRect() }))
    for (const { words, box } of boxes) {
      expect(box.left, `${words}: left`).toBeGreaterThanOrEqual(frame.left - 0.5)
      expect(box.right, `${words}: right`).toBeLessThanOrEqual(frame.right + 0.5)
      expect(box.top, `${words}: top`).toBeGreaterThanOrEqual(frame.top - 0.5)
      expect(box.bottom, `${words}: bottom`).toBeLessThanOrEqual(frame.bottom + 1)
    }
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        // Boxes are as high as their lines: letters themselves are about 4 px less.
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) - 5
        expect(across > 0.5 && down > 0, `${a.words} | ${b.words}`).toBe(false)
      }
  })
