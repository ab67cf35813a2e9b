/** Gradients from the sums: of x, of the parameters, and of the statistics where these were given. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { gradient, scaled, type Rules } from '../gpu/formula.ts'
import { float, mapIndex } from '../gpu/geometry.ts'
import type { ParamName } from '../../kernels/cells.ts'
import { run, type WebglBackend } from './program.ts'
import { inner, type Pull, type Sums } from './sums.ts'
import { readCells, readParam, readStats, texelMain, type View } from './view.ts'

/** @param gathered the cells' sums; undefined where the statistics are constants. */
export function pullX(
  backend: WebglBackend,
  pull: Pull,
  gathered: TensorInfo | undefined,
  view: View,
  rules: Rules,
): TensorInfo {
  const { geometry } = view
  const stats = readStats(view)
  const sums = readCells(view, 'sums')
  const inside = inner(view, pull)
  const gamma = pull.gamma && readParam(view, 'gamma')
  const g = inside ? scaled(rules, 'getDy(b, r, c)', gamma) : 'getDy(b, r, c)'
  const found = { sum: sums.field(0), dot: sums.field(1) }
  const dx = gathered
    ? gradient(rules, g, 'getX(b, r, c)', stats.names, found, float(geometry.count), stats.type)
    : `${stats.names.rstd} * (${g})`
  const { x, dy } = pull
  return run(backend, {
    inputs: {
      dy,
      stats: pull.stats,
      x: gathered && x,
      sums: gathered,
      gamma: pull.gamma,
    },
    shape: view.pages,
    code: texelMain(
      view,
      `${stats.code}
  ${gathered ? sums.code : ''}
  y = ${inside ? dx : scaled(rules, dx, gamma)};`,
    ),
  })
}

/** The gradient of a parameter, flat. */
export function pullParam(
  backend: WebglBackend,
  name: ParamName,
  { info, cells, params }: Sums,
  { geometry }: View,
): TensorInfo {
  const { kept, sizes, cellStrides } = geometry
  const { spread, size } = geometry.params[name]!
  const own = params[name]
  const along = kept.filter((i) => spread[i] > 1)
  const over = kept.filter((i) => spread[i] === 1)
  // Of its own sums, or of the cells'.
  const { first, chunks } = own ?? cells
  const count = own ? 1 : geometry.cells / size
  const unit = own
    ? 'index'
    : `${mapIndex('index', along, sizes, cellStrides)} + ${mapIndex('j', over, sizes, cellStrides)}`
  return run(backend, {
    inputs: { sums: info },
    shape: [size],
    code: `
void main() {
  int index = getOutputCoords();
  float sum = 0.0;
  for (int j = 0; j < ${count}; j++) {
    int first = ${first} + (${unit}) * ${chunks};
    for (int k = 0; k < ${chunks}; k++) { sum += getSums(first + k, 0, 0).${name === 'gamma' ? 'y' : 'x'}; }
  }
  setOutput(sum);
}`,
  })
}

/** A number of each cell, from texels that hold records of cells. */
export const ofCells = (
  backend: WebglBackend,
  cells: number,
  inputs: Readonly<Record<string, TensorInfo | undefined>>,
  code: string,
): TensorInfo =>
  run(backend, {
    inputs,
    shape: [cells],
    code: `
void main() {
  int cell = getOutputCoords();
  ${code}
}`,
  })

/** Gradients of the given mean and variance, flat. */
export function pullStatistics(
  backend: WebglBackend,
  pull: Pull,
  gathered: TensorInfo,
  view: View,
  rules: Rules,
): TensorInfo[] {
  const { center, scale, epsilon, plusOne } = rules
  const { geometry } = view
  const { kept, sizes, params, cells } = geometry
  const outer = pull.gamma && !inner(view, pull) ? pull.gamma : undefined
  const at = outer && mapIndex('cell', kept, sizes, params.gamma!.strides)
  const gamma = outer ? ` * (gammaHere${plusOne ? ' + 1.0' : ''})` : ''
  const inputs = { sums: gathered, stats: pull.stats, gamma: outer }
  const read = `vec4 s = getStats(cell, 0, 0);
  vec4 t = getSums(cell, 0, 0);
  ${outer ? `int g = ${at}; vec4 row = getGamma(0, 0, g); float gammaHere = g % 2 == 0 ? row.x : row.y;` : ''}`
  const flag = scale === 'l2' ? ` * step(${float(epsilon * epsilon)}, s.z)` : ''
  const of = (value: string, none: boolean) =>
    none
      ? ofCells(backend, cells, {}, 'setOutput(0.0);')
      : ofCells(backend, cells, inputs, `${read}\n  setOutput(${value}${gamma});`)
  return [of('-s.w * t.x', !center), of(`-0.5 * s.w * s.w * t.y${flag}`, scale === 'none')]
}
