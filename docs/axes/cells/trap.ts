import { assert, near, show } from '@normlab/cell'
import { momentsOf } from '@normlab/core'
import { runningIndex } from '@normlab/viz'

// B = 3 samples, d = 4 features. A row is a sample, a column is a feature.
const samples = ['A', 'B', 'C']
const features = ['x₁', 'x₂', 'x₃', 'x₄']
const values = [1, 2, 3, 6, 4, 0, 2, 2, 7, 10, 4, -1]
const x = { data: Float64Array.from(values), shape: [samples.length, features.length] }

// One letter, two directions.
for (const [over, title] of [
  ['samples', 'BatchNorm: i is a sample'],
  ['features', 'LayerNorm: i is a feature'],
] as const)
  show((width) => runningIndex({ samples, features, values }, { over, title, width: Math.min(width, 460) }))

export const ofFeature = momentsOf(x, 'n c -> c').mean // BatchNorm: one mean a feature
export const ofSample = momentsOf(x, 'n c -> n').mean // LayerNorm: one mean a sample
assert(near(ofFeature[0], (1 + 4 + 7) / 3), 'BatchNorm’s first mean is over A, B and C, of x₁ alone')
assert(near(ofSample[0], (1 + 2 + 3 + 6) / 4), 'LayerNorm’s first mean is over x₁ to x₄, of A alone')
assert(ofFeature.length === 4 && ofSample.length === 3, 'd means under BatchNorm, B means under LayerNorm')
