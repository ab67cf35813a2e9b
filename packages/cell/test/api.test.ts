import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setHost } from '../src/current.ts'
import type { CellEvent } from '../src/events.ts'
import { assert, chart, near, param, progress, show, table, tolerance } from '../src/index.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
let events: CellEvent[]
let chosen: Record<string, unknown>
beforeEach(() => {
  events = []
  chosen = {}
  setHost({ emit: (event) => void events.push(event), chosen: (name) => chosen[name] })
})
afterEach(() => setHost(undefined))

describe('what a cell shows', () => {
  test.each<[string, () => void, CellEvent]>([
    ['a figure', () => show(svg, 'seen'), { type: 'figure', svg, caption: 'seen' }],
    [
      'a figure in two layouts',
      () => show((width) => `<svg width="${width}"/>`),
      { type: 'figure', svg: '<svg width="640"/>', narrow: '<svg width="288"/>' },
    ],
    [
      'objects as a table',
      () =>
        table([
          { a: 1, b: -0.12345678 },
          { b: 'x', c: null },
        ]),
      {
        type: 'table',
        rows: [
          ['a', 'b', 'c'],
          ['1', '−0.123457', ''],
          ['', 'x', ''],
        ],
      },
    ],
    [
      'arrays as a table',
      () =>
        table(
          [
            ['n', 'mean'],
            [3, 1 / 3],
            [-0.0049, -0.0051],
          ],
          { digits: 2, caption: 'means' },
        ),
      {
        type: 'table',
        rows: [
          ['n', 'mean'],
          ['3', '0.33'],
          ['0.00', '−0.01'],
        ],
        caption: 'means',
      },
    ],
    ['progress', () => progress(1, 4), { type: 'progress', done: 1, of: 4 }],
    ['a claim', () => assert(near(1, 1 + 1e-7), 'they agree'), { type: 'claim', text: 'they agree' }],
    ['a tolerance', () => tolerance(0.02), { type: 'tolerance', relative: 0.02 }],
  ])('%s', (_, act, event) => {
    act()
    expect(events).toEqual([event])
  })

  test('a chart grows', () => {
    const loss = chart('loss', { yScale: 'log' })
    loss.add(1, { plain: 0.5 })
    expect(events).toEqual([
      { type: 'chart', chart: 'loss', options: { x: 'step', y: 'loss', yScale: 'log' } },
      { type: 'point', chart: 'loss', x: 1, y: { plain: 0.5 } },
    ])
  })

  test.each<[string, () => void, RegExp]>([
    ['no SVG', () => show('<img>'), /^svg: "<img>"/],
    ['no rows', () => table(5 as never), /^rows: 5/],
    ['wrong digits', () => table([], { digits: -1 }), /^digits: -1/],
    ['a chart without a name', () => chart(''), /^name/],
    ['x that is no number', () => chart('a').add('1' as never, {}), /^x: "1"/],
    ['y that is no number', () => chart('a').add(1, { b: null as never }), /^y.b: null/],
    ['a tolerance of nothing', () => tolerance(0), /^relative: 0/],
    ['a name that is none', () => param('a b', 1, { min: 0, max: 2 }), /^name: "a b"/],
    ['an initial value out of range', () => param('a', 3, { min: 0, max: 2 }), /^initial: 3/],
    ['a choice that is none', () => param('a', 'x' as 'y', { choices: ['y'] }), /^initial: "x"/],
  ])('%s is refused', (_, act, message) => {
    expect(act).toThrow(message)
    expect(events.filter(({ type }) => type !== 'chart')).toEqual([])
  })

  test('a claim that does not hold ends the cell', () =>
    expect(() => assert(near(1, 2), 'they agree')).toThrow('This does not hold: they agree'))
})

describe('param', () => {
  test('says what it is, and gives its initial value', () => {
    expect(param('size', 8, { min: 2, max: 64, label: 'Batch size' })).toBe(8)
    expect(param('norm', 'batch', { choices: ['batch', 'layer'] })).toBe('batch')
    expect(param('on', true)).toBe(true)
    expect(events.map((event) => 'param' in event && event.param)).toEqual([
      { name: 'size', label: 'Batch size', initial: 8, min: 2, max: 64, step: 1 },
      { name: 'norm', label: 'norm', initial: 'batch', choices: ['batch', 'layer'] },
      { name: 'on', label: 'on', initial: true },
    ])
  })

  test('gives what the reader chose, where it fits', () => {
    chosen = { size: 16, norm: 'layer', on: false }
    expect(param('size', 8, { min: 2, max: 64 })).toBe(16)
    expect(param('norm', 'batch', { choices: ['batch', 'layer'] })).toBe('layer')
    expect(param('on', true)).toBe(false)
  })

  test.each<[unknown]>([[65], [Number.NaN], ['16'], [null], [[16]]])(
    '%o does not fit, and the initial value stands',
    (value) => {
      chosen = { size: value }
      expect(param('size', 8, { min: 2, max: 64 })).toBe(8)
    },
  )
})

test('without a host, all of it goes to the console', () => {
  setHost(undefined)
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const tables = vi.spyOn(console, 'table').mockReturnValue()
  show(svg, 'seen')
  assert(true, 'so it is')
  table([{ a: 1 }])
  chart('loss').add(1, { a: 2 })
  expect(param('n', 1, { min: 0, max: 2 })).toBe(1)
  expect(log.mock.calls).toEqual([['[figure: seen]'], ['✓ so it is'], ['loss', 1, { a: 2 }]])
  expect(tables).toHaveBeenCalledOnce()
  vi.restoreAllMocks()
})
