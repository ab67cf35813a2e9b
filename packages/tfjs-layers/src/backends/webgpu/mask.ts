/** Dropout: core's mask, drawn where it is used. Threefry-4x32-12 makes four words a block, each of them two elements' bits. */
import { keyOf, thresholdOf } from '@normlab/core/kernels'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { DropoutAttrs } from '../../kernels/contract.ts'
import { threefry } from '../gpu/threefry.ts'
import { run, type WebgpuBackend } from './program.ts'

/** Elements of a block. */
const BLOCK = 8
const THREADS = 128

const declarations = `
fn rotate(value : u32, by : u32) -> u32 { return (value << by) | (value >> (32u - by)); }
fn draw(counter : u32) -> vec4<u32> {
  let key = array<u32, 5>(uniforms.k0, uniforms.k1, uniforms.k2, uniforms.k3,
    0x1bd11bdau ^ uniforms.k0 ^ uniforms.k1 ^ uniforms.k2 ^ uniforms.k3);
  var b = vec4<u32>(counter, 0u, 0u, 0u) + vec4<u32>(key[0], key[1], key[2], key[3]);
  ${threefry('b')}
  return b;
}
fn kept(bits : vec4<u32>, value : vec4<f32>) -> vec4<f32> {
  return select(vec4<f32>(0.0), value * uniforms.scale, bits >= vec4<u32>(uniforms.threshold));
}`

export function dropout(
  backend: WebgpuBackend,
  x: TensorInfo,
  { rate, seed, step }: DropoutAttrs,
): TensorInfo {
  const size = x.shape.reduce((a, b) => a * b, 1)
  const wide = size % 4 === 0
  const blocks = Math.ceil(size / BLOCK)
  const word = (value: number) => ({ type: 'u32' as const, value })
  const keys = Array.from(keyOf({ seed, step }), (value, i) => ({ name: `k${i}`, ...word(value) }))
  const halves = (word0: string, word1: string) =>
    `vec4<u32>(w.${word0} & 0xffffu, w.${word0} >> 16u, w.${word1} & 0xffffu, w.${word1} >> 16u)`
  const store = wide
    ? (bits: string, i: number) => `
  if (index * 2 + ${i} < uniforms.units) { result[index * 2 + ${i}] = kept(${bits}, x[index * 2 + ${i}]); }`
    : (bits: string, i: number) => `{
    let bits = ${bits};
    for (var k = 0; k < 4; k++) {
      let at = index * 8 + ${4 * i} + k;
      if (at < uniforms.units) { result[at] = kept(vec4<u32>(bits[k]), vec4<f32>(x[at])).x; }
    }
  }`
  return run(backend, {
    inputs: [{ name: 'x', info: x, width: wide ? 4 : 1 }],
    uniforms: [
      { name: 'units', type: 'i32', value: wide ? size / 4 : size },
      ...keys,
      { name: 'threshold', ...word(thresholdOf(rate)) },
      { name: 'scale', type: 'f32', value: rate < 1 ? 1 / (1 - rate) : 0 },
    ],
    width: wide ? 4 : 1,
    size,
    workgroup: THREADS,
    workgroups: Math.ceil(blocks / THREADS),
    code: `${declarations}
fn main(index : i32) {
  let w = draw(u32(index));
  ${store(halves('x', 'y'), 0)}
  ${store(halves('z', 'w'), 1)}
}`,
  })
}
