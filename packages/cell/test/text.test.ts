import { expect, test } from 'vitest'
import { line } from '../src/text.ts'

class Tensor {
  override = true
  toString() {
    return 'Tensor\n    [1, 2]'
  }
}
class Plain {
  a = 1
}
const round: Record<string, unknown> = { name: 'round' }
round.self = round

test.each<[string, unknown[], string]>([
  [
    'words and numbers',
    ['loss', 0.5, -0, Number.NaN, 10n, true, null, undefined],
    'loss 0.5 -0 NaN 10n true null undefined',
  ],
  ['every digit of a double', [0.1 + 0.2], '0.30000000000000004'],
  [
    'those of a float32',
    [Float32Array.of(0.1, 1 / 3, 16777216, -0.5, 1e-40)],
    'Float32Array(5) [0.1, 0.33333334, 16777216, -0.5, 1e-40]',
  ],
  [
    'other typed arrays',
    [Int8Array.of(1, -2), Float64Array.of(0.1)],
    'Int8Array(2) [1, -2] Float64Array(1) [0.1]',
  ],
  ['nested', [{ a: [1, 'b', { c: null }], 'd-e': true }], '{ a: [1, "b", { c: null }], "d-e": true }'],
  ['empty', [[], {}, new Map(), Float32Array.of()], '[] {} Map(0) {} Float32Array(0) []'],
  ['a circle', [round], '{ name: "round", self: [circular] }'],
  ['depth', [[[[[[[1]]]]]]], '[[[[[[…]]]]]]'],
  ['a map and a set', [new Map([['a', 1]]), new Set([1, 2])], 'Map(1) { "a" => 1 } Set(2) { 1, 2 }'],
  ['a class that prints itself', [new Tensor()], 'Tensor\n    [1, 2]'],
  ['one that does not', [new Plain()], 'Plain { a: 1 }'],
  ['no prototype', [Object.assign(Object.create(null), { a: 1 })], '{ a: 1 }'],
  ['functions', [Math.max, () => 0], 'ƒ max ƒ (anonymous)'],
  ['an error inside', [[new RangeError('x')]], '[RangeError: x]'],
  ['dates', [new Date(0), new Date(Number.NaN)], '1970-01-01T00:00:00.000Z Invalid Date'],
])('%s', (_, values, text) => expect(line(values)).toBe(text))

test('what is long is cut, and says by how much', () => {
  expect(line([Array.from({ length: 200 }, (_, i) => i)])).toMatch(/99, … 100 more\]$/)
  expect(line(['x'.repeat(10_100)])).toMatch(/… \(100 characters more\)$/)
})
