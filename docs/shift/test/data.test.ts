import { describe, expect, test } from 'vitest'
import { moments } from '../experiment/attribution.ts'
import { moons, spirals, split, standardize } from '../experiment/data.ts'
import { average, batchNoise, companyNoise, unitValues } from '../experiment/measures.ts'

describe.each([
  ['spirals', spirals, 3],
  ['moons', moons, 2],
] as const)('%s', (_, make, classes) => {
  test('the same seed, the same points; another seed, others', () => {
    expect(make(5).x).toEqual(make(5).x)
    expect(make(6).x).not.toEqual(make(5).x)
  })

  test('600 points, the classes even', () => {
    const { y, count } = make(1)
    expect(count).toBe(600)
    for (let label = 0; label < classes; label++)
      expect(y.filter((value) => value === label)).toHaveLength(600 / classes)
  })
})

test('standardized columns; a constant column gives zeros', () => {
  const data = {
    x: Float32Array.of(1, 7, 2, 7, 6, 7),
    y: Int32Array.of(0, 1, 0),
    count: 3,
    features: 2,
    classes: 2,
  }
  const { x } = standardize(data)
  const { mean, std } = moments(unitValues(x, 2, 0))
  expect(mean).toBeCloseTo(0, 6)
  expect(std).toBeCloseTo(1, 6)
  expect([...unitValues(x, 2, 1)]).toEqual([0, 0, 0])
})

test('a fifth is kept back, and the probe is of the training part', () => {
  const { train, test: kept, probe } = split(spirals(1), 1)
  expect([train.count, kept.count, probe.count]).toEqual([480, 120, 256])
  expect(probe.x).toEqual(train.x.slice(0, 512))
})

test('batch means scatter as theory says: std / sqrt(batch), less for drawing without replacement', () => {
  const values = spirals(3).x
  const batch = 32
  const theory =
    (moments(values).std / Math.sqrt(batch)) * Math.sqrt((values.length - batch) / (values.length - 1))
  expect(batchNoise(values, batch, 1, 4000) / theory).toBeCloseTo(1, 1)
  expect(batchNoise(values, values.length, 1)).toBeCloseTo(0, 6)
  expect(average([1, 2, 6])).toBe(3)
})

test('the company that an example meets matters less in larger batches, and not at all in the whole', () => {
  const values = spirals(3).x.slice(0, 200)
  const [small, large] = [companyNoise(values, 8, 1), companyNoise(values, 64, 1)]
  expect(small).toBeGreaterThan(2 * large)
  expect(large).toBeGreaterThan(0.02)
  expect(companyNoise([1, 2, 3], 1, 1)).toBe(0)
})
