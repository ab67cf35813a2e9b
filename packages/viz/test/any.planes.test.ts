/** Whatever the data: well-formed, no NaN, ids that are unique, and refusals that are NormlabErrors. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bowlFacts, cloudFacts, clouds, lossContours } from '../src/index.ts'
import { width, word, usual, tone, great, anyPoint } from './arbitraries.ts'
import { checkedSvg } from './xml.ts'

test('lossContours', () => {
  const half = fc.oneof(usual, fc.double({ min: -1e70, max: 1e70, noNaN: true }))
  const bowl = fc.record({
    name: word,
    tone,
    // A Aᵀ bends downward nowhere.
    hessian: fc
      .tuple(half, half, half)
      .map(([a, b, c]) => [a * a, a * b, b * b + c * c] as [number, number, number]),
    minimum: fc.tuple(fc.oneof(usual, great), fc.oneof(usual, great)),
    path: fc.option(fc.array(anyPoint, { maxLength: 300 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(width, word, fc.array(bowl, { maxLength: 6 }), (w, title, bowls) => {
      checkedSvg(lossContours(bowls, { width: w, title, xLabel: title, caption: title }))
      for (const one of bowls) {
        const { condition } = bowlFacts(one)
        expect(Number.isNaN(condition) || condition >= 1).toBe(true)
      }
    }),
    { seed: 1, numRuns: 200 },
  )
  const one = { name: 'a', minimum: [0, 0], hessian: [1, 0, 4], path: [[2, 0]] } as const
  expect(bowlFacts(one)).toEqual({ condition: 4, steps: 0, left: 1 })
  expect(bowlFacts({ ...one, path: [...one.path, [0, 0.5]] })).toEqual({ condition: 4, steps: 1, left: 0.25 })
  // Turned by 30 degrees, the bowl is as narrow as before.
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
  const turned = [cos * cos + 4 * sin * sin, 3 * cos * sin, sin * sin + 4 * cos * cos] as const
  expect(bowlFacts({ ...one, hessian: turned }).condition).toBeCloseTo(4, 12)
  // The ellipses are twice as long as high: the condition number is the ratio's square. On both axes the scale is one.
  const [, rx, ry] = /rx="([^"]+)" ry="([^"]+)"/.exec(lossContours([one]))!.map(Number)
  expect(Math.max(rx, ry) / Math.min(rx, ry)).toBeCloseTo(2, 1)
  expect(bowlFacts({ ...one, hessian: [1, 1, 1] }).condition).toBe(Infinity)
  expect(bowlFacts({ ...one, hessian: [0, 0, 0] }).condition).toBeNaN()
  expect(lossContours([{ ...one, hessian: [0, 0, 0] }])).toContain('flat everywhere')
  const bad = (part: object) => () => lossContours([{ ...one, ...part } as never])
  expect(bad({ hessian: [1, 0, -1] })).toThrow('bowls[0].hessian')
  expect(bad({ hessian: [1, 0] })).toThrow('bowls[0].hessian')
  expect(bad({ minimum: [NaN, 0] })).toThrow('bowls[0]')
  expect(bad({ path: [[1]] })).toThrow('bowls[0].path')
  expect(bad({ tone: 'red' })).toThrow('bowls[0].tone')
  expect(() => lossContours([{ ...one, minimum: [1, 0] }], { reach: 1e-20 })).toThrow('reach')
  expect(() => lossContours(Array.from({ length: 7 }, () => one))).toThrow('bowls')
})

test('clouds', () => {
  fc.assert(
    fc.property(
      width,
      word,
      fc.array(fc.record({ name: word, tone, points: fc.array(anyPoint, { maxLength: 500 }) }), {
        maxLength: 6,
      }),
      fc.option(fc.double({ min: 1e-100, max: 1e100, noNaN: true }), { nil: undefined }),
      fc.nat(),
      (w, title, given, reach, seed) => {
        const shown = given.map((cloud) => ({
          ...cloud,
          reach,
          ...(cloud.points.length ? { marks: { [title]: seed % cloud.points.length } } : {}),
        }))
        checkedSvg(clouds(shown, { width: w, title }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const square = [
    [3, 1],
    [-1, 1],
    [3, -3],
    [-1, -3],
  ] as const
  expect(cloudFacts([...square, [NaN, 1]])).toEqual({
    count: 4,
    mean: [1, -1],
    covariance: [4, 0, 4],
    std: [2, 2],
    correlation: 0,
    condition: 1,
  })
  expect(cloudFacts(square.map(([x]) => [x, -x])).correlation).toBeCloseTo(-1, 12)
  expect(cloudFacts([[1, 2]]).correlation).toBeNaN()
  expect(() => clouds([{ name: 'a', points: square, marks: { A: 4 } }])).toThrow('clouds[0].marks')
  expect(() => clouds([{ name: 'a', points: [[1]] } as never])).toThrow('clouds[0]')
  expect(() => clouds([{ name: 'a', points: [], reach: 0 }])).toThrow('clouds[0].reach')
})
