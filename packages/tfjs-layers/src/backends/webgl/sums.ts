/** Sums over cells and over what a parameter does not vary along, in one program: each texel of its output is a sum. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { scaled, xhat, type Rules } from '../gpu/formula.ts'
import type { ParamName } from '../../kernels/cells.ts'
import { run, type WebglBackend } from './program.ts'
import { readParam, readStats, type View } from './view.ts'
import { own, SUM, walkOf, type Walk } from './walk.ts'

/** In pages. */
export interface Pull {
  readonly dy: TensorInfo
  readonly x: TensorInfo
  readonly gamma?: TensorInfo
  readonly stats: TensorInfo
}

/** (sum of g, sum of g xhat) of units, from texel `first` of the program's output on: a unit's chunks follow each other. */
export interface Section extends Walk {
  readonly first: number
}

export interface Sums {
  readonly info: TensorInfo
  readonly cells: Section
  /** Of each spread of a parameter that is not the cells' affair. */
  readonly params: Readonly<Partial<Record<ParamName, Section>>>
}

/** gamma where it varies inside cells; else it multiplies what cells sum to. */
export const inner = ({ geometry }: View, { gamma }: Pull): boolean =>
  Boolean(geometry.params.gamma?.inCells && gamma)

export function sums(
  backend: WebglBackend,
  pull: Pull,
  view: View,
  rules: Rules,
  names: readonly ParamName[],
): Sums {
  const { geometry } = view
  const inside = inner(view, pull)
  const dims = geometry.sizes.map((_, i) => i)
  const codes: string[] = []
  let length = 0
  const section = (
    along: readonly number[],
    over: readonly number[],
    withGamma: boolean,
    patience?: number,
  ) => {
    const walk = walkOf(view, along, over, patience)
    codes.push(codeOf(walk, view, rules, codes.length, withGamma))
    const made = { ...walk, first: length }
    length += walk.units * walk.chunks
    return made
  }
  const cells: Section = section(geometry.kept, geometry.reduced, inside)
  const known = new Map<string, Section>()
  const params: Partial<Record<ParamName, Section>> = {}
  for (const name of names) {
    const { spread, inCells } = geometry.params[name]!
    if (!inCells && !inside) continue
    const key = String(spread)
    const along = dims.filter((i) => spread[i] > 1)
    const over = dims.filter((i) => spread[i] === 1)
    // What is left to add is added where the gradient is written: dividing is free.
    const found = known.get(key) ?? section(along, over, false, 64)
    known.set(key, found)
    params[name] = found
  }
  const branches = [cells, ...known.values()].map(({ first }, i, all) => {
    const next = all[i + 1]?.first
    const call = `setOutput(section${i}(index - ${first}));`
    return next === undefined ? `{ ${call} }` : `if (index < ${next}) { ${call} } else `
  })
  const { x, dy, stats, gamma } = pull
  const info = run(backend, {
    inputs: { dy, x, stats, gamma: inside ? gamma : undefined },
    shape: [length, 2, 2],
    code: `${SUM}
${codes.join('\n')}
void main() {
  int index = getOutputCoords().x;
  ${branches.join('')}
}`,
  })
  return { info, cells, params }
}

function codeOf(walk: Walk, view: View, rules: Rules, number: number, withGamma: boolean): string {
  const { code, names } = readStats(view)
  const { chunks } = walk
  return `
vec4 section${number}(int index) {
  int unit = ${chunks === 1 ? 'index' : `index / ${chunks}`};
  int chunk = ${chunks === 1 ? '0' : `index % ${chunks}`};
  ${walk.start}
  vec4 sum = vec4(0.0);
  vec4 product = vec4(0.0);
  ${walk.each(`${code}
    vec4 g = ${own(walk, scaled(rules, 'getDy(b, r, c)', withGamma ? readParam(view, 'gamma') : undefined))};
    sum += g;
    product += ${own(walk, `g * ${xhat(rules, 'getX(b, r, c)', names)}`)};`)}
  return vec4(sumOf(sum), sumOf(product), 0.0, 0.0);
}`
}

/** The cells' sums with each cell's chunks added up: in the program's own output where there is one chunk. */
export function gathered(backend: WebglBackend, { info, cells: { units, chunks } }: Sums): TensorInfo {
  if (chunks === 1) return info
  return run(backend, {
    inputs: { part: info },
    shape: [units, 2, 2],
    code: `
void main() {
  int unit = getOutputCoords().x;
  vec4 sum = vec4(0.0);
  for (int k = 0; k < ${chunks}; k++) { sum += getPart(unit * ${chunks} + k, 0, 0); }
  setOutput(sum);
}`,
  })
}
