/** Statistics of each cell in a texel: (shift, rest, variance, rstd). The mean is shift + rest. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { centers, factor, type Rules } from '../gpu/formula.ts'
import { float } from '../gpu/geometry.ts'
import { run, type WebglBackend } from './program.ts'
import { FLOAT, type View } from './view.ts'
import { own, SUM, walkOf } from './walk.ts'

const finish = (rules: Rules, squares: string, count: string): string => `
  float squares = ${squares};
  float variance = ${rules.scale === 'none' ? '0.0' : rules.scale === 'l2' ? 'squares' : `squares / ${count}`};
  ${factor(rules, 'variance', FLOAT)}`

/** Two looks at each element: the mean, then the squares around it, and what rounding left of the sum. */
export function statistics(backend: WebglBackend, x: TensorInfo, view: View, rules: Rules): TensorInfo {
  const { geometry } = view
  const { cells, kept, reduced } = geometry
  const walk = walkOf(view, kept, reduced)
  const { chunks, masked } = walk
  const around = centers(rules)
  const whole = chunks === 1
  const number = own(walk, 'vec4(1.0)')
  const part = run(backend, {
    inputs: { x },
    shape: [cells * chunks, 2, 2],
    code: `${SUM}
float pick(vec4 v, int r, int c) {
  return r % 2 == 0 ? (c % 2 == 0 ? v.x : v.y) : (c % 2 == 0 ? v.z : v.w);
}
void main() {
  int index = getOutputCoords().x;
  int unit = ${whole ? 'index' : `index / ${chunks}`};
  int chunk = ${whole ? '0' : `index % ${chunks}`};
  ${walk.start}
  float shift = ${around ? 'pick(getX(b0, r0, c0), r0, c0)' : '0.0'};
  float count = ${whole ? float(geometry.count) : '0.0'};
  ${whole ? '' : masked ? walk.each(`count += sumOf(${number});`) : `count = 4.0 * float(min(${walk.items}, (chunk + 1) * ${walk.span}) - chunk * ${walk.span});`}
  float rest = 0.0;
  ${
    around
      ? `vec4 sum = vec4(0.0);
  ${walk.each(`sum += ${own(walk, 'getX(b, r, c) - shift')};`)}
  rest = sumOf(sum) / max(count, 1.0);`
      : ''
  }
  vec4 off = vec4(0.0);
  vec4 square = vec4(0.0);
  ${walk.each(`vec4 d = ${own(walk, '(getX(b, r, c) - shift) - rest')};
    off += d;
    square += d * d;`)}
  float left = sumOf(off);
  ${around ? 'rest += left / max(count, 1.0);' : ''}
  ${finish(rules, around ? 'max(0.0, sumOf(square) - left * left / max(count, 1.0))' : 'sumOf(square)', 'count')}
  setOutput(${whole ? 'vec4(shift, rest, variance, rstd)' : 'vec4(rest, squares, count, shift)'});
}`,
  })
  if (whole) return part
  const count = float(geometry.count)
  const stats = run(backend, {
    inputs: { part },
    shape: [cells, 2, 2],
    // Chan, Golub & LeVeque 1983, for any number of parts.
    code: `
void main() {
  int cell = getOutputCoords().x;
  float rest = 0.0;
  for (int k = 0; k < ${chunks}; k++) {
    vec4 p = getPart(cell * ${chunks} + k, 0, 0);
    if (p.z > 0.0) { rest += p.x * (p.z / ${count}); }
  }
  float whole = 0.0;
  for (int k = 0; k < ${chunks}; k++) {
    vec4 p = getPart(cell * ${chunks} + k, 0, 0);
    float d = p.x - rest;
    if (p.z > 0.0) { whole += p.y + p.z * d * d; }
  }
  ${finish(rules, 'whole', count)}
  setOutput(vec4(getPart(cell * ${chunks}, 0, 0).w, rest, variance, rstd));
}`,
  })
  backend.disposeIntermediateTensorInfo(part)
  return stats
}

/** The same records for given means and variances, which are pages of one row. */
export const givenStatistics = (
  backend: WebglBackend,
  mean: TensorInfo,
  variance: TensorInfo,
  { geometry: { cells } }: View,
  rules: Rules,
): TensorInfo =>
  run(backend, {
    inputs: { mean, variances: variance },
    shape: [cells, 2, 2],
    code: `
float at(vec4 v, int c) { return c % 2 == 0 ? v.x : v.y; }
void main() {
  int cell = getOutputCoords().x;
  float variance = at(getVariances(0, 0, cell), cell);
  ${factor(rules, 'variance', FLOAT)}
  setOutput(vec4(at(getMean(0, 0, cell), cell), 0.0, variance, rstd));
}`,
  })
