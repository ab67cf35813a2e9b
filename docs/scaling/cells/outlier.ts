import { assert, param, show, table } from '@normlab/cell'
import { middleOf, strips } from '@normlab/viz'
import { draw, scalings, shapes } from '../values.ts'

const far = param('far', 20, { min: 0, max: 100, label: 'Where the outlier is' })

// 200 values of each shape, and one more: the outlier.
const axes = { 'min-max': [0, 1], standardize: [-4, 4], 'median and quartiles': [-4, 4] } as const
const methods = Object.keys(axes) as (keyof typeof axes)[]
const data = Object.entries(shapes).map(([name, one]) => ({ name, values: draw(200, one) }))
const groups = data.map(({ name, values }) => ({
  name,
  strips: methods.map((method) => {
    const all = [...values, far]
    return { name: method, values: all.map(scalings[method](all)), domain: axes[method], mark: 200 }
  }),
}))
show((width) => strips(groups, { width }))

// The width of the middle nine tenths, with the outlier over without it.
const widthOf = (values: readonly number[]) => {
  const { low, high } = middleOf(values.slice(0, 200))
  return high - low
}
export const kept = groups.map(({ strips: after }, g) =>
  methods.map((method, m) => {
    const { values } = data[g]
    return widthOf(after[m].values) / widthOf(values.map(scalings[method](values)))
  }),
)
// With nobody added, how much of [0, 1] the middle nine tenths have.
export const alone = data.map(({ values }) => widthOf(values.map(scalings['min-max'](values))))
// How much farther out the outlier must be for standardization to suffer as much as min-max: √n over the range.
export const farther = Math.sqrt(200) / (Math.max(...data[0].values) - Math.min(...data[0].values))
table(
  data.map(({ name }, g) => ({
    values: name,
    ...Object.fromEntries(methods.map((method, m) => [method, kept[g][m]])),
  })),
  { digits: 2, caption: 'Width of the middle nine tenths, with the outlier over without it' },
)
assert(
  kept.every((row) => row[2] > 0.9),
  'median and quartiles hardly notice one value',
)
