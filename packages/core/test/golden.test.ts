/** Answers of PyTorch, Keras and Flax: made by tools/oracle, asked of core. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runFile, type ConformanceCase } from '../src/testing/index.ts'

const results = ['torch', 'keras', 'flax'].map((name) => {
  const file = new URL(`../../../tools/oracle/golden/${name}.json`, import.meta.url)
  const content = JSON.parse(readFileSync(file, 'utf8')) as { cases: ConformanceCase[] }
  return { name, cases: content.cases, results: runFile(content) }
})

test.each(results)('$name: every case passes, none is skipped', ({ cases, results: answers }) => {
  expect(answers.filter(({ status }) => status !== 'passed')).toEqual([])
  expect(answers.length).toBeGreaterThanOrEqual(100)
  // A case without gradients checks half: few may be.
  expect(cases.filter(({ grads }) => grads?.length).length).toBeGreaterThan(0.95 * cases.length)
})

test('at least 300 cases pass', () =>
  expect(
    results.flatMap(({ results: answers }) => answers.filter(({ status }) => status === 'passed')).length,
  ).toBeGreaterThanOrEqual(300))
