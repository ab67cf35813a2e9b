/** Statistics of each cell: (shift, rest, variance, rstd). The mean is shift + rest. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { centers, factor, type Rules } from '../gpu/formula.ts'
import type { Geometry } from '../gpu/geometry.ts'
import { dialect, input, layOf, widest, type Lay } from './lay.ts'
import { runElementwise, type WebgpuBackend } from './program.ts'
import { each, runReduction, teamOf, type Team } from './reduce.ts'

const WGSL = dialect('f32')

/** How cells are shared out among threads. */
export interface CellTeam {
  readonly lay: Lay
  readonly team: Team
  /** Items of a cell, of the lay's width. */
  readonly items: number
}

export function cellTeam(geometry: Geometry): CellTeam {
  const { sizes, reduced, cells, count } = geometry
  const rows = reduced.includes(sizes.length - 1)
  const lay = layOf(geometry, rows ? widest(geometry) : 1)
  const items = count / lay.width
  return { lay, items, team: teamOf(cells, items, !rows) }
}

/** Statements: x's index of a cell's first element, and of item j from there. */
export const originOf = ({ geometry, at }: Lay): string =>
  `let origin = select(0, ${at('x', 'unit', geometry.kept)}, inside);`
export const itemOf = ({ geometry, at }: Lay, of: 'x' | 'cell' | 'gamma' | 'beta' = 'x'): string =>
  at(of, 'j', geometry.reduced)

const first = ({ width }: Lay): string => (width === 1 ? 'x[origin]' : 'x[origin].x')
const sumOf = ({ width }: Lay, value: string): string =>
  width === 1 ? value : `dot(${value}, vec4<f32>(1.0))`

const finish = (rules: Rules, squares: string, count: string): string => `
  let squares = ${squares};
  let variance = ${rules.scale === 'none' ? '0.0' : rules.scale === 'l2' ? 'squares' : `squares / ${count}`};
  ${factor(rules, 'variance', WGSL)}`

/** Two looks at each element: the mean, then the squares around it, and what rounding left of the sum. */
export function statistics(
  backend: WebgpuBackend,
  x: TensorInfo,
  geometry: Geometry,
  rules: Rules,
): TensorInfo {
  const { lay, team, items } = cellTeam(geometry)
  const { type, width } = lay
  const around = centers(rules)
  const whole = team.chunks === 1
  const body = `
  ${originOf(lay)}
  let shift = ${around ? first(lay) : '0.0'};
  let count = f32(max(0, min(uniforms.items, (chunk + 1) * uniforms.span) - chunk * uniforms.span)) * ${width}.0;
  var rest = 0.0;
  ${
    around
      ? `var sum = ${type}(0.0);
  ${each(`sum += x[origin + ${itemOf(lay)}] - shift;`)}
  rest = total(vec2<f32>(${sumOf(lay, 'sum')}, 0.0)).x / count;`
      : ''
  }
  var off = ${type}(0.0);
  var square = ${type}(0.0);
  ${each(`let d = (x[origin + ${itemOf(lay)}] - shift) - rest; off += d; square += d * d;`)}
  let sums = total(vec2<f32>(${sumOf(lay, 'off')}, ${sumOf(lay, 'square')}));
  ${around ? 'rest += sums.x / count;' : ''}
  ${finish(rules, around ? 'max(0.0, sums.y - sums.x * sums.x / count)' : 'sums.y', 'count')}
  if (leads) {
    result[chunk * uniforms.units + unit] = ${whole ? 'vec4<f32>(shift, rest, variance, rstd)' : 'vec4<f32>(rest, squares, count, shift)'};
  }`
  const part = runReduction(backend, [input('x', x, width)], {
    units: geometry.cells,
    items,
    team,
    width: 4,
    body,
  })
  if (whole) return part
  const stats = runElementwise(backend, [input('part', part, 4)], {
    width: 4,
    units: geometry.cells,
    uniforms: [
      { name: 'chunks', type: 'i32', value: team.chunks },
      { name: 'count', type: 'f32', value: geometry.count },
    ],
    // Chan, Golub & LeVeque 1983, for any number of parts.
    code: `
  var rest = 0.0;
  for (var k = 0; k < uniforms.chunks; k++) {
    let p = part[k * uniforms.units + index];
    if (p.z > 0.0) { rest += p.x * (p.z / uniforms.count); }
  }
  var whole = 0.0;
  for (var k = 0; k < uniforms.chunks; k++) {
    let p = part[k * uniforms.units + index];
    let d = p.x - rest;
    if (p.z > 0.0) { whole += p.y + p.z * d * d; }
  }
  ${finish(rules, 'whole', 'uniforms.count')}
  result[index] = vec4<f32>(part[index].w, rest, variance, rstd);`,
  })
  backend.disposeData(part.dataId)
  return stats
}

/** The same record for given means and variances. */
export const givenStatistics = (
  backend: WebgpuBackend,
  mean: TensorInfo,
  variance: TensorInfo,
  { cells }: Geometry,
  rules: Rules,
): TensorInfo =>
  runElementwise(backend, [input('mean', mean, 1), input('variances', variance, 1)], {
    width: 4,
    units: cells,
    code: `
  let variance = variances[index];
  ${factor(rules, 'variance', WGSL)}
  result[index] = vec4<f32>(mean[index], 0.0, variance, rstd);`,
  })
