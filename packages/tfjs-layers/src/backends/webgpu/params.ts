/** Gradients of the parameters. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { xhat, type Rules } from '../gpu/formula.ts'
import { mapIndex, type Geometry, type ParamGeometry } from '../gpu/geometry.ts'
import type { ParamName } from '../../kernels/cells.ts'
import { flat, inputsOf, type Pull } from './gradient.ts'
import { input, layOf, readStats, widest } from './lay.ts'
import type { WebgpuBackend } from './program.ts'
import { each, runReduction, sumChunks, teamOf } from './reduce.ts'

/** A thread takes so many before a parameter's gradient is worth a second program. */
const PATIENCE = 4096

/** Gradient of a parameter, from every element. */
export function paramFromElements(
  backend: WebgpuBackend,
  name: ParamName,
  { spread, size }: ParamGeometry,
  pull: Pull,
  geometry: Geometry,
  rules: Rules,
): TensorInfo {
  const dims = spread.map((_, i) => i)
  const [along, over] = [dims.filter((i) => spread[i] > 1), dims.filter((i) => spread[i] === 1)]
  const rows = over.includes(dims.length - 1)
  // Of neighbouring elements that are one number's, or of four numbers.
  const lay = layOf(geometry, widest(geometry))
  const width = rows ? 1 : lay.width
  const units = size / width
  const items = geometry.size / units / lay.width
  const team = teamOf(units, items, !rows, PATIENCE)
  const at = (of: 'x' | 'cell') => `${of}At + ${lay.at(of, 'j', over)}`
  const start = (of: 'x' | 'cell') => `let ${of}At = select(0, ${lay.at(of, 'unit', along)}, inside);`
  const stats = readStats(lay, at('cell'))
  const isGamma = name === 'gamma'
  const inputs = inputsOf(lay, { ...pull, gamma: undefined })
  const part = runReduction(backend, isGamma ? inputs : inputs.slice(0, 1), {
    units,
    items,
    team,
    width,
    type: width === 1 ? 'vec2<f32>' : 'vec4<f32>',
    body: `${start('x')}
  ${isGamma ? start('cell') : ''}
  var sum = ${lay.type}(0.0);
  ${each(
    isGamma
      ? `let i = ${at('x')}; ${stats.code} sum += dy[i] * (${xhat(rules, 'x[i]', stats.names)});`
      : `sum += dy[${at('x')}];`,
  )}
  let sums = total(${width === 1 ? `vec2<f32>(${flat(lay, 'sum')}, 0.0)` : 'sum'});
  if (leads) { result[chunk * uniforms.units + unit] = sums${width === 1 ? '.x' : ''}; }`,
  })
  return sumChunks(backend, part, units, team.chunks, width)
}

/** Gradient of a parameter that is one number in a cell, from the cells' sums. */
export function paramFromCells(
  backend: WebgpuBackend,
  name: ParamName,
  { spread, size }: ParamGeometry,
  sums: TensorInfo,
  { sizes, kept, cellStrides, cells }: Geometry,
): TensorInfo {
  const along = kept.filter((i) => spread[i] > 1)
  const over = kept.filter((i) => spread[i] === 1)
  const items = cells / size
  const team = teamOf(size, items, false, PATIENCE)
  const part = runReduction(backend, [input('sums', sums, 2)], {
    units: size,
    items,
    team,
    width: 1,
    body: `let origin = select(0, ${mapIndex('unit', along, sizes, cellStrides)}, inside);
  var sum = 0.0;
  ${each(`sum += sums[origin + ${mapIndex('j', over, sizes, cellStrides)}].${name === 'gamma' ? 'y' : 'x'};`)}
  let whole = total(vec2<f32>(sum, 0.0));
  if (leads) { result[chunk * uniforms.units + unit] = whole.x; }`,
  })
  return sumChunks(backend, part, size, team.chunks, 1)
}
