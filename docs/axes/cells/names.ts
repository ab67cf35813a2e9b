import { assert, table } from '@normlab/cell'
import { groupNorm, layerNorm, norm, planOf } from '@normlab/core'

// LayerNorm on images: two frameworks’ habits, under one name.
const shape = [2, 3, 3, 4]
const x = { data: Float64Array.from({ length: 72 }, () => Math.random() * 4), shape }
const whole = norm({
  name: 'LayerNorm of the whole image',
  stats: 'n s c -> n',
  options: { epsilon: 1e-5 },
  params: {},
})

const position = layerNorm.forward(x).y.data // over the channels of one position
const image = whole.forward(x, {}).y.data // over channels, height and width
const oneGroup = groupNorm.forward(x, {}, { g: 1 }).y.data
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])))

export const perPosition = planOf('n s c -> n s', shape).cells
export const perImage = planOf('n s c -> n', shape).cells
export const difference = apart(position, image)
export const asGroup = apart(image, oneGroup)
table(
  [
    { pattern: 'n s c -> n s', means: perPosition, 'greatest difference from the first': 0 },
    { pattern: 'n s c -> n', means: perImage, 'greatest difference from the first': difference },
  ],
  { digits: 3 },
)
assert(difference > 0.5, 'they are different functions')
assert(asGroup < 1e-12, 'the second is GroupNorm with one group')
