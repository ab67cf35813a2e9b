/** Sums by workgroups: several units (cells, or elements of a parameter) each, with several threads for each unit. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { run, runElementwise, type Input, type WebgpuBackend } from './program.ts'

export interface Team {
  /** Threads of a unit. */
  readonly lanes: number
  /** Units of a workgroup. */
  readonly across: number
  /** Neighbouring threads have neighbouring units, for units that lie side by side; else neighbouring items of one unit. */
  readonly columns: boolean
  /** Pieces that a unit's items are divided into, and the length of one. */
  readonly chunks: number
  readonly span: number
}

const WORKGROUP = 256
/** So many workgroups keep a device busy. */
const BUSY = 128
const THREADS = 32_768

const powerBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)))

/**
 * @param patience items that a thread takes before a unit is divided among workgroups, which costs one more program.
 */
export function teamOf(units: number, items: number, columns: boolean, patience = 64): Team {
  // Few threads a unit, each with more to do, meet less often at barriers.
  const enough = Math.max(items / 16, THREADS / units)
  let lanes = Math.min(WORKGROUP, powerBelow(Math.min(items / 4, enough)))
  let across = Math.max(1, 64 / lanes)
  if (columns) {
    across = 32
    while (across > 8 && units / across < BUSY) across /= 2
    lanes = Math.min(lanes, WORKGROUP / across)
  }
  while (across > 1 && across / 2 >= units) across /= 2
  const groups = Math.ceil(units / across)
  const chunks =
    items > patience * lanes && groups < BUSY
      ? Math.min(Math.ceil((2 * BUSY) / groups), Math.ceil(items / (8 * lanes)))
      : 1
  return { lanes, across, columns, chunks, span: Math.ceil(items / chunks) }
}

export interface Reduction {
  readonly units: number
  readonly items: number
  readonly team: Team
  readonly width: 1 | 2 | 4
  /** Floats of the output, if not `width` for each unit and chunk. */
  readonly size?: number
  /** Of what `total` adds. */
  readonly type?: 'vec2<f32>' | 'vec4<f32>'
  /** Runs in every thread, also of units beyond the last (`inside` is false). See `total` and `each`. */
  readonly body: string
}

/** A loop over the items that fall to a thread: `j` counts the items of a unit. */
export const each = (body: string): string => `for (var j = first; j < end; j += LANES) { ${body} }`

/** Has `unit`, `inside`, `chunk`, `first`, `end`, `leads` and total(value): the sum over the threads of a unit, for each of them. */
export function runReduction(
  backend: WebgpuBackend,
  inputs: readonly Input[],
  { units, items, team, width, size, type = 'vec2<f32>', body }: Reduction,
): TensorInfo {
  const { lanes, across, columns, chunks, span } = team
  const blocks = Math.ceil(units / across)
  const whole = chunks === 1
  const pick = columns ? ['/', '%'] : ['%', '/']
  const uniform = (name: string, value: number) => ({ name, type: 'i32' as const, value })
  return run(backend, {
    inputs,
    uniforms: [
      uniform('units', units),
      uniform('items', items),
      uniform('blocks', blocks),
      uniform('chunks', chunks),
      uniform('span', span),
    ],
    width,
    size: size ?? units * chunks * width,
    workgroup: lanes * across,
    workgroups: blocks * chunks,
    code: `
const LANES = ${lanes};
var<private> lane : i32;
${
  lanes === 1
    ? `fn total(value : ${type}) -> ${type} { return value; }`
    : `
var<workgroup> pool : array<${type}, ${lanes * across}>;
fn total(value : ${type}) -> ${type} {
  let at = i32(localIndex);
  pool[at] = value;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (lane < half) { pool[at] += pool[at + half * ${columns ? across : 1}]; }
  }
  workgroupBarrier();
  let sum = pool[at - lane * ${columns ? across : 1}];
  workgroupBarrier();
  return sum;
}`
}
fn main(index : i32) {
  let local = i32(localIndex);
  let group = index / ${lanes * across};
  lane = local ${pick[0]} ${columns ? across : lanes};
  let chunk = ${whole ? '0' : 'group / uniforms.blocks'};
  let unit = (group ${whole ? '' : '% uniforms.blocks'}) * ${across} + local ${pick[1]} ${columns ? across : lanes};
  let inside = unit < uniforms.units && chunk < uniforms.chunks;
  let leads = inside && lane == 0;
  let first = chunk * uniforms.span + lane;
  let end = select(0, min(uniforms.items, (chunk + 1) * uniforms.span), inside);
  ${body}
}`,
  })
}

/** The sum of each unit's chunks. */
export function sumChunks(
  backend: WebgpuBackend,
  partial: TensorInfo,
  units: number,
  chunks: number,
  width: 1 | 2 | 4,
): TensorInfo {
  if (chunks === 1) return partial
  const type = width === 1 ? 'f32' : `vec${width}<f32>`
  const sum = runElementwise(backend, [{ name: 'part', info: partial, width }], {
    width,
    units,
    uniforms: [{ name: 'chunks', type: 'i32', value: chunks }],
    code: `
  var sum = ${type}(0.0);
  for (var k = 0; k < uniforms.chunks; k++) { sum += part[k * uniforms.units + index]; }
  result[index] = sum;`,
  })
  backend.disposeData(partial.dataId)
  return sum
}
