/** Dropout: core's mask, drawn where it is used. GLSL ES 3.00 has the unsigned words that Threefry wants. */
import { keyOf, splitThreshold } from '@normlab/core/kernels'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { DropoutAttrs } from '../../kernels/contract.ts'
import { threefry } from '../gpu/threefry.ts'
import { run, type WebglBackend } from './program.ts'
import { texelMain } from './view.ts'

const declarations = `
uint rotate(uint value, uint by) { return (value << by) | (value >> (32u - by)); }
uvec4 draw(uint counter, uint second) {
  uvec4 words = uvec4(seed);
  uint key[5];
  key[0] = words.x;
  key[1] = words.y;
  key[2] = words.z;
  key[3] = words.w;
  key[4] = 0x1bd11bdau ^ words.x ^ words.y ^ words.z ^ words.w;
  uvec4 block = words + uvec4(counter, second, 0u, 0u);
  ${threefry('block')}
  return block;
}
// The word of elements i to i + 3, for an i that is a multiple of 4.
uint wordOf(int i, uint second) {
  uvec4 block = draw(uint(i / 16), second);
  int at = (i / 4) % 4;
  return at == 0 ? block.x : at == 1 ? block.y : at == 2 ? block.z : block.w;
}
uint byteOf(uint word, int i) { return (word >> uint(8 * (i % 4))) & 255u; }`
/** @param split whether elements i and i + 1 may belong to two words. */
const pairOf = (split: boolean): string => `
uvec2 pairOf(int i, uint second) {
  uint word = wordOf(i, second);
  return uvec2(byteOf(word, i), byteOf(${split ? 'wordOf(i + 1, second)' : 'word'}, i + 1));
}`

/** @param x in its own pages. */
export function dropout(
  backend: WebglBackend,
  x: TensorInfo,
  pages: readonly number[],
  { rate, seed, step }: DropoutAttrs,
): TensorInfo {
  const [, rows, columns] = pages
  const [high, low] = splitThreshold(rate)
  const bytes = (second: string) =>
    `uvec4(pairOf(i, ${second}), ${rows === 1 ? 'uvec2(0u)' : `pairOf(i + ${columns}, ${second})`})`
  return run(backend, {
    inputs: { x },
    shape: pages,
    uniforms: [
      { name: 'seed', type: 'ivec4', value: Array.from(keyOf({ seed, step }), (word) => word | 0) },
      { name: 'high', type: 'int', value: [high] },
      { name: 'low', type: 'int', value: [low] },
      { name: 'scale', type: 'float', value: [rate < 1 ? 1 / (1 - rate) : 0] },
    ],
    code: `${declarations}${pairOf(columns % 2 === 1)}
${texelMain(
  { pages },
  `int i = (b * ${rows} + r) * ${columns} + c;
  uvec4 bits = ${bytes('0u')};
  uvec4 least = uvec4(high);
  bvec4 keeps = greaterThanEqual(bits, least);
  bvec4 ties = equal(bits, least);
  if (low > 0 && any(ties)) {
    bvec4 enough = greaterThanEqual(${bytes('1u')}, uvec4(low));
    keeps = bvec4(uvec4(keeps) & (uvec4(not(ties)) | uvec4(enough)));
  }
  y = mix(vec4(0.0), getX(b, r, c) * scale, keeps);`,
)}`,
  })
}
