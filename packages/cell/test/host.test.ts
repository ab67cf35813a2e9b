import { describe, expect, test } from 'vitest'
import {
  barHtml,
  Collected,
  inline,
  outputHtml,
  seedRandom,
  valuesOf,
  type CellEvent,
} from '../src/host/index.ts'
import { isEvent } from '../src/element/checked.ts'

const bad = '<img src=x onerror="alert(1)">&'
const events: CellEvent[] = [
  { type: 'log', level: 'warn', text: bad },
  {
    type: 'table',
    rows: [
      [bad, 'n'],
      [bad, '−1.5'],
    ],
    caption: bad,
  },
  { type: 'claim', text: bad },
  { type: 'chart', chart: bad, options: { x: bad, y: bad } },
  { type: 'point', chart: bad, x: 1, y: { [bad]: 2, ['__proto__']: 3 } },
  { type: 'point', chart: 'never made', x: 1, y: { a: 2 } },
  { type: 'param', param: { name: 'n', label: bad, initial: 1, min: 0, max: 2 } },
  { type: 'tolerance', relative: 0.02 },
  { type: 'progress', done: 1, of: 2 },
]
const collected = new Collected()
for (const event of events) collected.add(event)

describe('Collected', () => {
  test('outputs in their order; parameters, tolerance and progress apart', () => {
    expect(collected.outputs.map(({ type }) => type)).toEqual(['log', 'table', 'claim', 'chart'])
    expect(collected.params).toHaveLength(1)
    const chart = collected.outputs[3] as { series: object }
    expect(Object.keys(chart.series)).toEqual([bad, '__proto__'])
    expect([collected.tolerance, collected.progress]).toEqual([0.02, { done: 1, of: 2 }])
  })
  test('a parameter that is asked for twice is one', () => {
    const twice = new Collected()
    twice.add(events[6])
    twice.add(events[6])
    expect(twice.params).toHaveLength(1)
  })
  test('a line of any length stays short, and keeps its ends, its peaks and its order', () => {
    const long = new Collected()
    long.add({ type: 'chart', chart: 'a', options: {} })
    const peaks = { 12_345: 9, 54_321: -9 } as Record<number, number>
    for (let x = 0; x < 100_000; x++)
      long.add({ type: 'point', chart: 'a', x, y: { line: peaks[x] ?? Math.sin(x) } })
    const { line } = (long.outputs[0] as { series: Record<string, [number, number][]> }).series
    expect(line!.length).toBeLessThanOrEqual(8192)
    expect([line![0]![0], line!.at(-1)![0]]).toEqual([0, 99_999])
    for (const [x, y] of Object.entries(peaks)) expect(line).toContainEqual([Number(x), y])
    expect(line!.every(([x], i) => i === 0 || x > line![i - 1]![0])).toBe(true)
  })
})

describe('HTML', () => {
  const html = outputHtml(collected.outputs, { [bad]: [bad, 1 / 3] }, { id: 'a', figure: inline })
  test('what a cell says is text, never markup', () => {
    expect(html).not.toContain('<img')
    expect(barHtml(collected.params, bad)).not.toContain('<img')
    expect(html.match(/&lt;img/g)!.length).toBeGreaterThan(10)
  })
  test('a level is a word, not a colour alone; numbers are set to the right; results have seven digits', () => {
    expect(html).toContain('Warning: ')
    expect(html).toContain('<td class="cell-number">−1.5</td>')
    expect(html).toContain('0.3333333]')
  })
  test('two figures of one cell share no id, and refer to their own', () => {
    const svg =
      '<svg aria-labelledby="t d"><title id="t">a</title><g clip-path="url(#c)"><clipPath id="c"/></g><use href="#c"/></svg>'
    const [one, two] = [inline(svg, 'x'), inline(svg, 'y')]
    expect(one).toBe(
      '<svg aria-labelledby="x-t d"><title id="x-t">a</title><g clip-path="url(#x-c)"><clipPath id="x-c"/></g><use href="#x-c"/></svg>',
    )
    expect(two).not.toContain('"x-')
  })
  test.each([
    [{ name: 'n', label: 'N', initial: 5, min: 0, max: 10, step: 1 }, /type="range".*value="5".*<output>5</],
    [{ name: 'n', label: 'N', initial: 0.5, min: 0, max: 1 }, /type="number".*step="any"/],
    [{ name: 'n', label: 'N', initial: true }, /type="checkbox" name="n" autocomplete="off" checked/],
    [{ name: 'n', label: 'N', initial: 'b', choices: ['a', 'b'] }, /<option>a<\/option><option selected>b/],
  ])('a control for %o', (param, markup) => expect(barHtml([param], '')).toMatch(markup))
})

describe('values', () => {
  test('numbers, words and structures of them', () => {
    expect(
      valuesOf({
        a: 1,
        b: [true, null, 'x'],
        c: Float32Array.of(0.1),
        d: { e: Float64Array.of(0.1) },
        f: Infinity,
        g: undefined,
      }),
    ).toEqual({
      a: 1,
      b: [true, null, 'x'],
      c: [0.1],
      d: { e: [0.1] },
      f: 'Infinity',
    })
  })
  test.each([[() => 0], [new Map()], [1n], [Symbol('x')], [{ deep: [new Date(0)] }]])(
    '%o is no result',
    (value) => expect(() => valuesOf({ it: value })).toThrow(/^export it.* is no result/),
  )
})

test('the same seed, the same numbers; even over the unit interval', () => {
  const old = Math.random
  const draw = (seed?: number) => {
    seedRandom(seed)
    return Array.from({ length: 10_000 }, () => Math.random())
  }
  const [a, b, c] = [draw(), draw(), draw(2)]
  Math.random = old
  expect(a).toEqual(b)
  expect(a.slice(0, 3)).not.toEqual(c.slice(0, 3))
  const mean = a.reduce((sum, x) => sum + x) / a.length
  const variance = a.reduce((sum, x) => sum + (x - mean) ** 2, 0) / a.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002)
  expect(Math.min(...a)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...a)).toBeLessThan(1)
})

describe('isEvent', () => {
  test.each(events)('%o is one', (event) => expect(isEvent(structuredClone(event))).toBe(true))
  test.each<[unknown]>([
    [null],
    [1],
    ['log'],
    [{}],
    [{ type: 'constructor' }],
    [{ type: 'toString' }],
    [{ type: 'log', level: 'shout', text: '' }],
    [{ type: 'log', level: 'log', text: 1 }],
    [{ type: 'table', rows: [[1]] }],
    [{ type: 'table', rows: {} }],
    [{ type: 'figure', svg: {} }],
    [{ type: 'figure', svg: '', narrow: 1 }],
    [{ type: 'chart', chart: 'a', options: { tones: { a: 'red' } } }],
    [{ type: 'point', chart: 'a', x: '1', y: {} }],
    [{ type: 'point', chart: 'a', x: 1, y: { a: '1' } }],
    [{ type: 'param', param: { name: 'a"', label: '', initial: 1 } }],
    [{ type: 'param', param: { name: 'a', label: '', initial: {} } }],
    [{ type: 'param', param: { name: 'a', label: '', initial: 'b', choices: [1] } }],
  ])('%o is none', (value) => expect(isEvent(value)).toBe(false))
})
