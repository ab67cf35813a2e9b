import { param, show, table } from '@normlab/cell'
import {
  alphaDropout,
  dropBlock,
  dropConnect,
  dropout,
  dropPath,
  gaussianDropout,
  spatialDropout,
  summaryOf,
  variationalDropout,
  type NoiseOptions,
} from '@normlab/core'
import { axes, valueGrid, variantFigure } from '@normlab/viz'

const family = {
  dropout,
  spatialDropout,
  variationalDropout,
  dropPath,
  dropConnect,
  dropBlock,
  gaussianDropout,
  alphaDropout,
}
const names = Object.keys(family) as (keyof typeof family)[]
const chosen = param('chosen', 'spatialDropout', { choices: names, label: 'Relative' })
const step = param('step', 0, { min: 0, max: 20, label: 'Training step' })

// What becomes of ones: 2 examples, 4 positions, 3 channels. DropConnect takes weights: 4 outputs, 3 inputs.
const shapeFor = (name: string) => (name === 'dropConnect' ? [4, 3] : [2, 4, 3])
const drawn = (name: keyof typeof family, shape: number[], options: NoiseOptions) =>
  family[name].forward({ data: new Float64Array(shape.reduce((a, b) => a * b)).fill(1), shape }, {}, options)
    .y
const shape = shapeFor(chosen)
const plan = family[chosen].plan(shape)
const figure = variantFigure(family[chosen])
show((width) => axes(figure.pattern, shape, { ...figure.options, width }))
show((width) =>
  valueGrid([{ label: `ones, after ${chosen}`, ...drawn(chosen, shape, { rate: 0.5, seed: 1, step }) }], {
    width,
    plan,
    digits: 1,
  }),
)

// Over 2,000 draws each, at rate 0.5: mean and variance of what a one becomes.
export const moments = Object.fromEntries(
  names.map((name) => {
    const values = Array.from({ length: 2000 }, (_, at) => [
      ...drawn(name, shapeFor(name), { rate: 0.5, seed: 2, step: at }).data,
    ]).flat()
    const { mean, variance } = summaryOf(values)
    return [name, { mean, variance }]
  }),
)
table(
  names.map((name) => ({
    relative: name,
    'draws for 24 values': family[name].plan(name === 'dropConnect' ? [8, 3] : [2, 4, 3]).cells,
    mean: moments[name].mean,
    variance: moments[name].variance,
  })),
  { digits: 2, caption: 'What a 1 becomes, at rate 0.5' },
)
