/** Dropout: core's mask, drawn where it is used. GLSL ES 3.00 has the unsigned words that Threefry wants. */
import { keyOf, thresholdOf } from '@normlab/core/kernels'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { DropoutAttrs } from '../../kernels/contract.ts'
import { threefry } from '../gpu/threefry.ts'
import { run, type WebglBackend } from './program.ts'
import { texelMain } from './view.ts'

const declarations = `
uint rotate(uint value, uint by) { return (value << by) | (value >> (32u - by)); }
uvec4 draw(uint counter) {
  uvec4 words = uvec4(seed);
  uint key[5];
  key[0] = words.x;
  key[1] = words.y;
  key[2] = words.z;
  key[3] = words.w;
  key[4] = 0x1bd11bdau ^ words.x ^ words.y ^ words.z ^ words.w;
  uvec4 block = words + uvec4(counter, 0u, 0u, 0u);
  ${threefry('block')}
  return block;
}
// The word of elements i and i + 1, for an even i.
uint wordOf(int i) {
  uvec4 block = draw(uint(i / 8));
  int at = (i / 2) % 4;
  return at == 0 ? block.x : at == 1 ? block.y : at == 2 ? block.z : block.w;
}
uint bitsOf(int i) {
  uint word = wordOf(i);
  return i % 2 == 0 ? word & 0xffffu : word >> 16;
}
uvec2 pairOf(int i) {
  uint word = wordOf(i);
  return uvec2(word & 0xffffu, word >> 16);
}`

/** @param x in its own pages. */
export function dropout(
  backend: WebglBackend,
  x: TensorInfo,
  pages: readonly number[],
  { rate, seed, step }: DropoutAttrs,
): TensorInfo {
  const [, rows, columns] = pages
  const pairs = (i: string) => (columns % 2 === 0 ? `pairOf(${i})` : `uvec2(bitsOf(${i}), bitsOf(${i} + 1))`)
  return run(backend, {
    inputs: { x },
    shape: pages,
    uniforms: [
      { name: 'seed', type: 'ivec4', value: Array.from(keyOf({ seed, step }), (word) => word | 0) },
      { name: 'threshold', type: 'int', value: [thresholdOf(rate)] },
      { name: 'scale', type: 'float', value: [rate < 1 ? 1 / (1 - rate) : 0] },
    ],
    code: `${declarations}
${texelMain(
  { pages },
  `int i = (b * ${rows} + r) * ${columns} + c;
  uvec4 bits = uvec4(${pairs('i')}, ${rows === 1 ? 'uvec2(0u)' : pairs(`i + ${columns}`)});
  y = mix(vec4(0.0), getX(b, r, c) * scale, greaterThanEqual(bits, uvec4(threshold)));`,
)}`,
  })
}
