import { readFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { Recording } from '@normlab/cell/host'
import { describe, expect, test } from 'vitest'
import { differences, sameText } from '../cells/compare.ts'
import { cellFiles, hashOf, orphans, recorded, root, sourceOf } from '../cells/files.ts'
import { bareNumbers } from '../cells/prose.ts'
import { runCell } from '../cells/run.ts'

const pages = globSync('docs/*/page.mdx', { cwd: root }).toSorted()

describe.concurrent('cells give what is recorded', () => {
  test.each(cellFiles())(
    '%s',
    async (cell) => {
      const recording = recorded(cell)
      expect(recording, 'Run: pnpm generate').toBeDefined()
      expect(recording!.source, 'the cell has changed. Run: pnpm generate').toBe(hashOf(sourceOf(cell)))
      const { run } = await runCell(cell)
      expect(differences(recording!, run), 'If the new one is right, run: pnpm cells').toEqual([])
    },
    130_000,
  )
})

test('no recording without its cell', () => expect(orphans()).toEqual([]))

// The cells of docs/variants stand on the pages that the site makes of records.
test.each(cellFiles().filter((cell) => !cell.startsWith('docs/variants/')))(
  '%s stands on a page, or gives it numbers',
  (cell) => {
    const [, page, , file] = cell.split('/')
    const name = file.replace(/\.ts$/, '')
    const text = globSync(`docs/${page}/*.{mdx,ts}`, { cwd: root })
      .map((each) => readFileSync(join(root, each), 'utf8'))
      .join('\n')
    expect(text).toMatch(new RegExp(`cells/${name}\\.|cell="${name}"`))
  },
)

test.each(pages)('%s: measured numbers come from cells, given ones are listed', (page) => {
  expect(bareNumbers(readFileSync(join(root, page), 'utf8'))).toEqual([])
})

describe('a number in the text that no cell gives', () => {
  test.each([
    ['The mean is 0.53.', ['0.53']],
    ['It got 97% right, then 98.5 %.', ['97%', '98.5%']],
    ['{/* given: 0.5 */}\n\nThe weight is 0.5, the loss −1.25.', ['1.25']],
    ['A table:\n\n| a | 3.14 |', ['3.14']],
  ])('%s', (text, found) => expect(bareNumbers(text)).toEqual(found))

  test.each([
    'Two of 3 layers, 256 examples.',
    'The mean is <Value cell="a" of="b" digits={3} /> and {num(drift.with, 0.5)}.',
    '---\ntitle: 0.5\n---\n',
    'The paper, [arXiv](https://arxiv.org/abs/1502.03167).',
    '```ts\nconst a = 0.5\n```',
    'With `epsilon = 1.5` or $x^{0.5}$.',
    'export const a = 0.5\n\nText.',
    '{/* given: 0.5 */}\n\nThe weight is 0.5.',
    'tfjs 4.22.0 is a version.',
  ])('not in: %s', (text) => expect(bareNumbers(text)).toEqual([]))
})

describe('what counts as the same', () => {
  test.each([
    ['loss 0.5', 'loss 0.5', 0],
    ['loss 0.12345678', 'loss 0.12345679', 1e-6],
    ['loss 0.50', 'loss 0.51', 0.02],
    ['0.124', '0.125', 1e-6], // one unit of the last digit
    ['−1.5e-10', '2.5e-10', 1e-6],
  ])('%s, %s within %d', (a, b, tolerance) => expect(sameText(a, b, tolerance)).toBe(true))

  test.each([
    ['loss 0.5', 'mean 0.5', 0.5],
    ['5 layers', '6 layers', 1e-6],
    ['0.124', '0.127', 1e-6],
    ['0.5', '-0.5', 0.02],
    ['1, 2', '1, 2, 3', 0.5],
  ])('%s, not %s within %d', (a, b, tolerance) => expect(sameText(a, b, tolerance)).toBe(false))

  const run: Recording = {
    params: [],
    outputs: [{ type: 'log', level: 'log', text: 'a 0.25' }],
    values: { a: 0.25 },
  }
  test.each<[string, Partial<Recording>]>([
    ['an export that changed', { values: { a: 0.26 } }],
    ['one that is gone', { values: {} }],
    ['one that came', { values: { a: 0.25, b: 1 } }],
    ['another output', { outputs: [{ type: 'log', level: 'log', text: 'b 0.25' }] }],
    ['one output more', { outputs: [...run.outputs, ...run.outputs] }],
    ['another level', { outputs: [{ type: 'log', level: 'warn', text: 'a 0.25' }] }],
    ['a tolerance', { tolerance: 0.5 }],
  ])('%s is a difference', (_, change) => expect(differences(run, { ...run, ...change })).toHaveLength(1))
  test('the same is none', () => expect(differences(run, structuredClone(run))).toEqual([]))
})
