/** The gradient of x. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { gradient, scaled, xhat, type Rules } from '../gpu/formula.ts'
import { float, type Geometry } from '../gpu/geometry.ts'
import { input, layOf, paramInput, readCells, readStats, widest, type Lay } from './lay.ts'
import { runElementwise, type Input, type WebgpuBackend } from './program.ts'
import { each, runReduction, sumChunks } from './reduce.ts'
import { cellTeam, itemOf, originOf } from './statistics.ts'

export interface Pull {
  readonly dy: TensorInfo
  readonly x: TensorInfo
  readonly gamma?: TensorInfo
  readonly stats: TensorInfo
}

export const inputsOf = (lay: Lay, { dy, x, gamma, stats }: Pull): Input[] => [
  input('dy', dy, lay.width),
  input('x', x, lay.width),
  input('stats', stats, 4),
  ...paramInput(lay, 'gamma', gamma),
]

/** gamma where it varies inside cells; else it multiplies what cells sum to. */
export const inner = (geometry: Geometry, pull: Pull): boolean =>
  Boolean(geometry.params.gamma?.inCells && pull.gamma)

/** One number of a thread's value. */
export const flat = ({ width }: Lay, value: string): string =>
  width === 1 ? value : `dot(${value}, vec4<f32>(1.0))`

/** Loops of a unit's threads over its cell: the sums of g and g xhat into `sums`. */
function cellSums(lay: Lay, rules: Rules, pull: Pull, withGamma: boolean): string {
  const { geometry, type } = lay
  const { names } = readStats(lay, 'cell')
  const gamma =
    withGamma && pull.gamma
      ? `gamma[${lay.at('gamma', 'unit', geometry.kept)} + ${itemOf(lay, 'gamma')}]`
      : undefined
  const item = `let i = origin + ${itemOf(lay)};
    let g = ${scaled(rules, 'dy[i]', gamma)};`
  return `${originOf(lay)}
  let cell = select(0, unit, inside);
  let statsHere = stats[cell];
  var sum = ${type}(0.0);
  var product = ${type}(0.0);
  ${each(`${item} sum += g; product += g * ${xhat(rules, 'x[i]', names)};`)}
  let sums = total(vec2<f32>(${flat(lay, 'sum')}, ${flat(lay, 'product')}));`
}

/** dx where a cell is one workgroup's: sums and gradient in one program. */
export function fusedDx(backend: WebgpuBackend, pull: Pull, geometry: Geometry, rules: Rules): TensorInfo {
  const { lay, team, items } = cellTeam(geometry)
  const { names } = readStats(lay, 'cell')
  const gamma = pull.gamma && `gamma[${lay.at('gamma', 'unit', geometry.kept)} + ${itemOf(lay, 'gamma')}]`
  const g = scaled(rules, 'dy[i]', gamma)
  const sums = { sum: 'sums.x', dot: 'sums.y' }
  const dx = gradient(rules, g, 'x[i]', names, sums, float(geometry.count), 'f32')
  return runReduction(backend, inputsOf(lay, pull), {
    units: geometry.cells,
    items,
    team,
    width: lay.width,
    size: geometry.size,
    body: `${cellSums(lay, rules, pull, true)}
  ${each(`let i = origin + ${itemOf(lay)}; result[i] = ${dx};`)}`,
  })
}

/** (sum of g, sum of g xhat) of each cell; without gamma where gamma is one number in a cell. */
export function sumCells(backend: WebgpuBackend, pull: Pull, geometry: Geometry, rules: Rules): TensorInfo {
  const { lay, team, items } = cellTeam(geometry)
  const withGamma = inner(geometry, pull)
  const inputs = inputsOf(lay, withGamma ? pull : { ...pull, gamma: undefined })
  const part = runReduction(backend, inputs, {
    units: geometry.cells,
    items,
    team,
    width: 2,
    body: `${cellSums(lay, rules, pull, withGamma)}
  if (leads) { result[chunk * uniforms.units + unit] = sums; }`,
  })
  return sumChunks(backend, part, geometry.cells, team.chunks, 2)
}

/** @param sums undefined where the statistics are constants. */
export function elementDx(
  backend: WebgpuBackend,
  pull: Pull,
  sums: TensorInfo | undefined,
  geometry: Geometry,
  rules: Rules,
): TensorInfo {
  const lay = layOf(geometry, widest(geometry))
  const cell = lay.at('cell', 'index')
  const stats = readStats(lay, cell)
  const inside = inner(geometry, pull)
  const gamma = pull.gamma && `gamma[${lay.at('gamma', 'index')}]`
  const used = sums && (rules.center || rules.scale !== 'none')
  const read = readCells(lay, 'sums', cell, 2)
  const g = inside ? scaled(rules, 'dy[index]', gamma) : 'dy[index]'
  const dx = used
    ? gradient(
        rules,
        g,
        'x[index]',
        stats.names,
        { sum: read.field(0), dot: read.field(1) },
        float(geometry.count),
        lay.varies('cell') ? lay.type : 'f32',
      )
    : `${stats.names.rstd} * (${g})`
  // x has no place in the layout where the shader does not read it.
  const readsX = used && rules.scale !== 'none'
  const inputs = inputsOf(lay, pull).filter(({ name }) => name !== 'x' || readsX)
  return runElementwise(backend, used ? [...inputs, input('sums', sums, 2)] : inputs, {
    width: lay.width,
    units: geometry.size / lay.width,
    code: `${stats.code}
  ${used ? read.code : ''}
  result[index] = ${inside ? dx : scaled(rules, dx, gamma)};`,
  })
}
