/** The wasm backend: core's kernels on tfjs's own heap, where its tensors already lie. Nothing of x's size is copied. */
// oxlint-disable no-underscore-dangle -- Emscripten names its functions so
import { KernelHost, maskBytes, type Allocator, type Memory } from '@normlab/core/kernels'
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import { DROPOUT, DROPOUT_GRAD, registerFused, type FusedKernels } from '../kernels/contract.ts'
import { kernelsOnHost, type Access } from './onHost.ts'

/** The part of tfjs's BackendWasm, and of the Emscripten module in it, that is used. */
interface WasmBackend extends KernelBackend {
  readonly wasm: {
    readonly asm?: { readonly memory?: Memory }
    _malloc(bytes: number): number
    _free(at: number): void
  }
  readonly dataIdMap: { get(dataId: object): { memoryOffset: number } }
  makeOutput(shape: number[], dtype: 'float32', at?: number, values?: Float32Array): TensorInfo
}

/** Kernels like whole cache lines; malloc promises 8 bytes. */
const LINE = 64

class Malloc implements Allocator {
  readonly #wasm: WasmBackend['wasm']
  /** Where malloc's block of each address begins. */
  readonly #raw = new Map<number, number>()

  constructor(wasm: WasmBackend['wasm']) {
    this.#wasm = wasm
  }

  alloc(bytes: number): number {
    const start = this.#wasm._malloc(bytes + LINE) >>> 0
    if (start === 0) throw new RangeError(`tfjs's wasm heap has no ${bytes} bytes left`)
    const at = Math.ceil(start / LINE) * LINE
    this.#raw.set(at, start)
    return at
  }

  release(at: number): void {
    const start = this.#raw.get(at)!
    this.#raw.delete(at)
    this.#wasm._free(start)
  }
}

/** One for each heap: a backend may be removed and made anew. */
const hosts = new WeakMap<object, KernelHost>()

function hostOf({ wasm }: WasmBackend): KernelHost {
  let host = hosts.get(wasm)
  if (!host) hosts.set(wasm, (host = new KernelHost(wasm.asm!.memory!, new Malloc(wasm))))
  return host
}

const addressOf = (backend: WasmBackend, { dataId }: TensorInfo): number =>
  backend.dataIdMap.get(dataId).memoryOffset

const sizeOf = ({ shape }: TensorInfo): number => shape.reduce((a, b) => a * b, 1)

/** The kernels are built for memory that is not shared: tfjs's threaded build has another. */
function isPlain({ wasm }: WasmBackend): boolean {
  const buffer = wasm?.asm?.memory?.buffer
  return buffer instanceof ArrayBuffer
}

const access: Access<WasmBackend> = {
  host: hostOf,
  place: addressOf,
  values: (backend, info) =>
    new Float32Array(backend.wasm.asm!.memory!.buffer, addressOf(backend, info), sizeOf(info)),
  make: (backend, shape, values) => backend.makeOutput([...shape], 'float32', undefined, values),
}

/** With a bit an element for the gradient, which so need not draw again. tfjs is told that the bits are float32 values. */
const dropout: FusedKernels<WasmBackend> = {
  [DROPOUT]({ x }, { rate, seed, step }, backend) {
    const size = sizeOf(x)
    const y = access.make(backend, x.shape)
    const mask = access.make(backend, [maskBytes(size) / 4])
    const [from, to, bits] = [x, y, mask].map((info) => addressOf(backend, info))
    if (hostOf(backend).dropout(from, to, size, rate, { seed, step }, bits)) return [y, mask]
    backend.disposeData(mask.dataId)
    return [y]
  },
  [DROPOUT_GRAD]({ dy, mask }, { rate }, backend) {
    const dx = access.make(backend, dy.shape)
    const [from, to, bits] = [dy, dx, mask].map((info) => addressOf(backend, info))
    hostOf(backend).dropoutAgain(from, to, sizeOf(dy), rate, bits)
    return [dx]
  },
}

export function registerWasm(): void {
  registerFused<WasmBackend>('wasm', { ...kernelsOnHost(access), ...dropout }, (_name, _attrs, backend) =>
    isPlain(backend),
  )
}
