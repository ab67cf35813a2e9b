import { assert, chart, param, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { linear, normals, relu } from '../../activations/layer.ts'

const batch = param('batch', 128, { min: 4, max: 256, label: 'Batch size' })

// 40 layers of 48 ReLU units before any training, with weights of the size that keeps the mean square (He and others).
const [UNITS, DEPTH] = [48, 40]
const shape = [batch, UNITS]
const turned = (w: Float64Array) => w.map((_, i) => w[(i % UNITS) * UNITS + Math.floor(i / UNITS)])

/** The squared length of the gradient, after 1, 2, ... layers on the way back. */
function wayBack(norm: boolean): number[] {
  let a = normals(batch * UNITS, 1)
  const layers = Array.from({ length: DEPTH }, (_, l) => {
    const w = normals(UNITS * UNITS, 2 + l, Math.sqrt(2 / UNITS))
    const z = { data: linear(a, w, UNITS), shape }
    const { y, saved } = norm ? batchNorm.forward(z) : { y: z, saved: undefined }
    const into = y.data as Float64Array
    a = into.map(relu)
    return { w, into, saved }
  })
  let d = normals(batch * UNITS, 99)
  return layers.toReversed().map(({ w, into, saved }) => {
    d = d.map((value, i) => (into[i] > 0 ? value : 0))
    if (saved) d = batchNorm.backward({ data: d, shape }, saved).dx.data as Float64Array
    d = linear(d, turned(w), UNITS)
    return d.reduce((sum, value) => sum + value * value, 0)
  })
}
const runs = { 'without normalization': wayBack(false), 'with BatchNorm': wayBack(true) }
const curves = chart('squared gradient', { x: 'layers on the way back', yScale: 'log' })
for (let l = 0; l < DEPTH; l++)
  curves.add(l + 1, Object.fromEntries(Object.entries(runs).map(([name, squares]) => [name, squares[l]])))

const [plain, normed] = Object.values(runs).map((squares) => squares.at(-1)! / squares[0])
export const grown = { plain, normed }
export const growth = { plain: plain ** (1 / (DEPTH - 1)), normed: normed ** (1 / (DEPTH - 1)) }
// Yang and others, for large batches and wide layers.
export const theory = Math.PI / (Math.PI - 1)
table(
  Object.keys(runs).map((name, i) => ({
    network: name,
    'a layer multiplies it by': Object.values(growth)[i],
    [`${DEPTH - 1} layers by`]: Object.values(grown)[i],
  })),
  { digits: 3 },
)
assert(growth.normed > 1.2, 'with BatchNorm the squared gradient grows by more than a fifth a layer')
assert(
  growth.plain > 0.85 && growth.plain < 1.15,
  'without it, and with weights of the right size, it hardly does',
)
