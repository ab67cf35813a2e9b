import { param, show, table } from '@normlab/cell'
import { rankShift } from '@normlab/viz'
import { momentsOf, normalized, normals, worked } from '../column.ts'

const size = param('size', 2, { min: 2, max: 64, label: 'Batch size N' })
const { before, after } = worked
const wBefore = param('weight', before.weight, { min: -5, max: 5, step: 0.1, label: 'Epoch 1: weight' })
const wAfter = param('weightAfter', after.weight, { min: -5, max: 5, step: 0.1, label: 'Epoch 2: weight' })

// The two examples of the essay, and more of their kind where N asks for more.
const more = (inputs: number[]) => {
  const { mean, std } = momentsOf(inputs)
  return [...inputs, ...normals(size - 2, mean, std)]
}
const rows = [
  { epoch: 1, z: more(before.inputs).map((input) => input * wBefore) },
  { epoch: 2, z: more(after.inputs).map((input) => input * wAfter) },
].map(({ epoch, z }) => ({ epoch, z, ...momentsOf(z), out: normalized(z) }))

const said = (values: number[]) =>
  values
    .slice(0, 4)
    .map((value) => Number(value.toFixed(3)))
    .join(', ')
const dots = size > 4 ? ' …' : ''
table(
  rows.map(({ epoch, z, mean, std, out }) => ({
    epoch,
    'pre-activations': said(z) + dots,
    mean,
    'standard deviation': std,
    normalized: said(out) + dots,
  })),
  { digits: 3, caption: `With BatchNorm, batches of ${size}` },
)
show((width) =>
  rankShift(
    rows[0].out.map((from, i) => ({ id: i, from, to: rows[1].out[i], group: i < 2 ? 1 : 0 })),
    {
      width,
      tone: 'with',
      from: 'epoch 1',
      to: 'epoch 2',
      yLabel: 'normalized pre-activation (dimensionless)',
      groupLabel: 'the two examples of the essay',
      height: 180,
      domain: [-3, 3],
      caption: false,
    },
  ),
)
export const moments = rows.map(({ mean, std }) => ({ mean, std }))
export const ends = rows.map(({ out }) => ({ first: out[0], second: out[1] }))
