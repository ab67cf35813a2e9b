import { variants } from '@normlab/core'
import { expect, test } from 'vitest'
import { known, start } from '../src/axes/known.ts'
import { gridOf, normalized, numbersOf } from '../src/axes/numbers.ts'
import {
  chosen,
  fieldsOf,
  planOfState,
  queryOf,
  sharing,
  stateOf,
  type AxesState,
} from '../src/axes/state.ts'
import { resultOf, rowsOf, START, ways } from '../src/axes/table.ts'

const read = (search: string): AxesState => stateOf(search, known, start)
const written = (pattern: string, sizes: Record<string, number> = {}): AxesState => ({
  variant: '',
  pattern,
  sizes,
  cell: 0,
})

test('every variant that has cells can be chosen, and drawn, normalized and written to the address', () => {
  const withCells = variants.filter(
    (variant) => (variant.kind === 'noise' ? variant.mask : variant.stats) !== null,
  )
  expect(known.map(({ name }) => name)).toEqual(withCells.map(({ name }) => name))
  for (const variant of known) {
    const state = chosen(known, variant.slug, start)
    const plan = planOfState(state)
    expect(plan.size, variant.name).toBeGreaterThan(0)
    expect(gridOf(state, plan, variant, 288, 'a'), variant.name).toMatch(/^<svg/)
    expect(read(queryOf(state, start)), variant.name).toMatchObject({
      variant: variant.slug,
      pattern: variant.pattern,
    })
    expect(planOfState(read(queryOf(state, start))).shape).toEqual(plan.shape)
  }
})

test('the table is what core gives for the pattern', () => {
  const state = written('n c -> n', { n: 3, c: 5 })
  const plan = planOfState(state)
  const x = numbersOf(plan)
  const y = normalized(state, plan)!
  for (let row = 0; row < 3; row++) {
    const part = x.slice(5 * row, 5 * row + 5)
    const mean = part.reduce((a, b) => a + b) / 5
    const variance = part.reduce((a, b) => a + (b - mean) ** 2, 0) / 5
    for (const [c, value] of part.entries())
      expect(y[5 * row + c]).toBeCloseTo((value - mean) / Math.sqrt(variance + 1e-5), 12)
  }
})

test('sizes: one for each axis, and for all parts but one', () => {
  const names = (state: AxesState) => fieldsOf(state).map(({ name }) => name)
  expect(names(written('n s (g k) -> n g'))).toEqual(['n', 's', 'c', 'g'])
  expect(names(written('n s (k g) -> n g', { g: 2 }))).toEqual(['n', 's', 'c', 'g'])
  expect(names(written('n c=(a b d) -> n a'))).toEqual(['n', 'c', 'a', 'b'])
  expect(names(written('constructor toString ->'))).toEqual(['constructor', 'toString'])
  expect(planOfState(written('constructor toString ->')).shape).toEqual([3, 3])
  expect(() => planOfState(written('n (g k) -> g', { g: 4, s: 6 }))).toThrow('g: 4 does not divide')
  expect(() => fieldsOf(written('n c'))).toThrow('no arrow')
})

test('the address', () => {
  expect(queryOf(start, start)).toBe('')
  expect(read('')).toEqual(start)
  const mine = { ...written('n s c -> s', { n: 2, s: 5, c: 4 }), cell: 3 }
  expect(read(queryOf(mine, start))).toMatchObject({
    variant: '',
    pattern: mine.pattern,
    cell: 3,
    sizes: mine.sizes,
  })
  expect(read('?variant=no-such')).toEqual(start)
  expect(read('?variant=layer-norm&sizes=n.2_c.x_s.9999&cell=-1')).toMatchObject({
    variant: 'layer-norm',
    cell: 0,
    sizes: { n: 2, s: 4 },
  })
  expect(read('?pattern=n').pattern).toBe('n')
})

test('who shares a pattern, however it is spaced', () => {
  const names = sharing(known, written(' n  s c ->   n s')).map(({ name }) => name)
  expect(names).toContain('LayerNorm')
  expect(names).toContain('RMSNorm')
  expect(names).not.toContain('BatchNorm')
})

test('the table of two samples: columns sum to 0 under BatchNorm, rows under LayerNorm', () => {
  const [down, across] = ways.map((way) => resultOf(way, START))
  for (const c of [0, 1, 2]) expect(down[0][c] + down[1][c]).toBeCloseTo(0, 12)
  for (const row of across) expect(row[0] + row[1] + row[2]).toBeCloseTo(0, 12)
  expect(rowsOf('1,2,30;3,8,10')).toEqual(START)
  for (const bad of [null, '', '1,2', '1,2,3;4,5', '1,2,x', '1,2,3;'.repeat(5), 'Infinity,1,2', '1,,3'])
    expect(rowsOf(bad), String(bad)).toBe(null)
})
