/** Dropout: core's mask, drawn where it is used. Threefry-4x32-12 makes four words a block, each of them four elements' bits. */
import { keyOf, splitThreshold } from '@normlab/core/kernels'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { DropoutAttrs } from '../../kernels/contract.ts'
import { threefry } from '../gpu/threefry.ts'
import { run, type WebgpuBackend } from './program.ts'

/** Elements of a block. */
const BLOCK = 16
const THREADS = 128

const declarations = `
fn rotate(value : u32, by : u32) -> u32 { return (value << by) | (value >> (32u - by)); }
fn draw(counter : u32, second : u32) -> vec4<u32> {
  let key = array<u32, 5>(uniforms.k0, uniforms.k1, uniforms.k2, uniforms.k3,
    0x1bd11bdau ^ uniforms.k0 ^ uniforms.k1 ^ uniforms.k2 ^ uniforms.k3);
  var b = vec4<u32>(counter, second, 0u, 0u) + vec4<u32>(key[0], key[1], key[2], key[3]);
  ${threefry('b')}
  return b;
}
fn bytesOf(word : u32) -> vec4<u32> { return (vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u); }
fn ties(word : u32) -> bool { return any(bytesOf(word) == vec4<u32>(uniforms.high)); }
fn kept(word : u32, finer : u32, value : vec4<f32>) -> vec4<f32> {
  let bits = bytesOf(word);
  let high = vec4<u32>(uniforms.high);
  let keeps = (bits > high) | ((bits == high) & (bytesOf(finer) >= vec4<u32>(uniforms.low)));
  return select(vec4<f32>(0.0), value * uniforms.scale, keeps);
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
  const [high, low] = splitThreshold(rate)
  const store = wide
    ? (i: number) => `
  if (index * 4 + ${i} < uniforms.units) { result[index * 4 + ${i}] = kept(w[${i}], finer[${i}], x[index * 4 + ${i}]); }`
    : (i: number) => `
  for (var k = 0; k < 4; k++) {
    let at = index * 16 + ${4 * i} + k;
    if (at < uniforms.units) { result[at] = kept(w[${i}], finer[${i}], vec4<f32>(x[at]))[k]; }
  }`
  return run(backend, {
    inputs: [{ name: 'x', info: x, width: wide ? 4 : 1 }],
    uniforms: [
      { name: 'units', type: 'i32', value: wide ? size / 4 : size },
      ...keys,
      { name: 'high', ...word(high) },
      { name: 'low', ...word(low) },
      { name: 'scale', type: 'f32', value: rate < 1 ? 1 / (1 - rate) : 0 },
    ],
    width: wide ? 4 : 1,
    size,
    workgroup: THREADS,
    workgroups: Math.ceil(blocks / THREADS),
    code: `${declarations}
fn main(index : i32) {
  let w = draw(u32(index), 0u);
  var finer = vec4<u32>(0u);
  if (uniforms.low > 0u && (ties(w.x) || ties(w.y) || ties(w.z) || ties(w.w))) { finer = draw(u32(index), 1u); }
  ${[0, 1, 2, 3].map(store).join('')}
}`,
  })
}
