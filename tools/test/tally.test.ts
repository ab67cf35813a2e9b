import { expect, test } from 'vitest'
import { read } from '../check/conformance.ts'
import { failed, line, passed, skipped, sum } from '../check/tally.ts'

test('the last line is the sum of all sections', () => {
  expect(
    line(sum([passed(3), failed(), skipped('a', 'no browser', 4), passed(), skipped('b', 'no file')])),
  ).toBe('4 passed, 1 failed, 5 skipped')
})

test('conformance: counts from the last line, reasons from the lines before', () => {
  const output = [
    'skipped a.json: no variant serves lrn yet (2)',
    'FAILED b.json layerNorm rows: y[0] is 1: not 2',
    '144 passed, 1 failed, 2 skipped',
  ]
  expect(read(output)).toEqual({
    passed: 144,
    failed: 1,
    failures: [{ what: 'b.json layerNorm rows', why: 'y[0] is 1: not 2' }],
    skips: [{ what: '2 conformance cases', why: 'a.json: no variant serves lrn yet (2)', count: 2 }],
  })
})

test.each([[[]], [['Error: no such file']], [['1 passed']]])('conformance: %j is no result', (output) => {
  expect(read(output)).toBeUndefined()
})
