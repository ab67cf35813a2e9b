/** A plain norm as it is when nothing else of core is imported: then nobody has brought the grammar of patterns, or columns. */
import { expect, test } from 'vitest'
import { plainNorm } from '../src/plain.ts'
import { layerNorm } from '../src/variants/layerNorm.ts'
import { rmsNorm } from '../src/variants/rmsNorm.ts'

const shapes = [[5], [3, 5], [2, 3, 5], [2, 3, 4, 5]]
const convention = (stats: string) => ({
  framework: 'Mine',
  variants: { LayerNorm: { options: {}, record: { stats } } },
})
const split = () => layerNorm.with(convention('n s (g k) -> n g k')).plan([2, 3, 4])

// In this order: what the last test imports is there from then on.
test('a pattern with brackets, or of no sense, is refused', () => {
  for (const stats of ['n s (g k) -> n g', 'n s c -> q', 'n s c'])
    expect(() => layerNorm.with(convention(stats)).plan([2, 3, 4])).toThrow(
      /^pattern: ".*" is no list.* norm/,
    )
  expect(layerNorm.with(convention('n s c -> n')).plan([2, 3, 4])).toMatchObject({ cells: 2, count: 12 })
  // @ts-expect-error -- Axes in parts are not the work of a plain norm.
  plainNorm({ ...layerNorm, stats: 'n s (g k) -> n g' })
})

test('a plan is the one that the whole grammar makes; and that is there once anything else is', async () => {
  const alone = shapes.map((shape) => [layerNorm.plan(shape), rmsNorm.plan(shape, { axis: 0 })])
  expect(split).toThrow(/no list of whole axes/)
  const { planOf } = await import('../src/brackets.ts')
  for (const [i, shape] of shapes.entries())
    expect(alone[i]).toEqual([planOf(layerNorm.stats, shape), planOf(rmsNorm.stats, shape, { axis: 0 })])
  // A plan made before stands for its pattern.
  expect(planOf(alone[1][0].pattern, [2, 7]).cells).toBe(2)
  expect(split).toThrow(/sizes of c = \(g k\) are not known/)
})
