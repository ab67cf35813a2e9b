/// <reference lib="dom" />
/** Plain loops that move what a normalization must move and compute nothing: the yardsticks. Compiled for SIMD as we are. */
import { theHeap } from '../../packages/core/src/kernels/heap.ts'
import { compile } from '../../packages/core/scripts/kernels.ts'
import type { Traffic } from './shapes.ts'

const SOURCE = `
export function copy(x: usize, y: usize, z: usize, n: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 64, z += 64) {
    v128.store(z, v128.load(x))
    v128.store(z, v128.load(x, 16), 16)
    v128.store(z, v128.load(x, 32), 32)
    v128.store(z, v128.load(x, 48), 48)
  }
}
export function add(x: usize, y: usize, z: usize, n: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 64, y += 64, z += 64) {
    v128.store(z, f32x4.add(v128.load(x), v128.load(y)))
    v128.store(z, f32x4.add(v128.load(x, 16), v128.load(y, 16)), 16)
    v128.store(z, f32x4.add(v128.load(x, 32), v128.load(y, 32)), 32)
    v128.store(z, f32x4.add(v128.load(x, 48), v128.load(y, 48)), 48)
  }
}
export function read(x: usize, n: i32): f32 {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  let c = f32x4.splat(0)
  let d = f32x4.splat(0)
  for (const end = x + (<usize>n << 2); x < end; x += 64) {
    a = f32x4.add(a, v128.load(x))
    b = f32x4.add(b, v128.load(x, 16))
    c = f32x4.add(c, v128.load(x, 32))
    d = f32x4.add(d, v128.load(x, 48))
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), 0)
}
`
type Loop = (x: Float32Array, y: Float32Array, z: Float32Array) => void
export type Loops = Readonly<Record<Traffic, Loop>>

/** The loops' module, in base64: compiled once for all processes. */
export const compileLoops = async (): Promise<string> =>
  Buffer.from(await compile({ source: SOURCE })).toString('base64')

/** Arrays are views of kernel memory, of a multiple of 16 elements. */
export function loopsOf(bytes: Uint8Array<ArrayBuffer>): Loops {
  const module = new WebAssembly.Module(bytes)
  const memory = theHeap()!.memory as unknown as WebAssembly.Memory
  const { copy, add, read } = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    (...args: number[]) => number
  >
  const call =
    (loop: (...args: number[]) => number): Loop =>
    (x, y, z) =>
      void loop(x.byteOffset, y.byteOffset, z.byteOffset, x.length)
  const plainCopy = call(copy)
  const plainAdd = call(add)
  return {
    copy: plainCopy,
    add: plainAdd,
    'read+copy': (x, y, z) => {
      read(x.byteOffset, x.length)
      plainCopy(x, y, z)
    },
    'read,read,add': (x, y, z) => {
      read(x.byteOffset, x.length)
      read(y.byteOffset, y.length)
      plainAdd(x, y, z)
    },
  }
}
