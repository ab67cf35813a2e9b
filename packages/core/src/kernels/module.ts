/** Loads the compiled kernels: on first use, synchronously, in the fastest build that the engine accepts. */
import { BYTES } from './bytes.ts'
import { engine, type Memory, type Module } from './engine.ts'

export type Build = 'relaxed' | 'simd'
export type KernelMode = Build | 'scalar' | 'auto'

/** Signatures are those of assembly/*.ts: pointers in bytes, booleans as 0 and 1. */
export type Kernels = Readonly<Record<string, (...args: (number | boolean)[]) => number>>

// Opcodes after the SIMD prefix: what assembly/simd.ts writes for madd, and what each build makes of the pair.
const MARK_MUL = 0xea
const MARK_ADD = 0xeb
const OPCODES: Record<Build, { mul: number[]; add: number[] }> = {
  simd: { mul: [0xfd, 0xe6, 0x01], add: [0xfd, 0xe4, 0x01] },
  relaxed: { mul: [0x01, 0x01, 0x01], add: [0xfd, 0x85, 0x02] },
}

/** The module's bytes in a build. `a b pmin c pmax` becomes `a b mul c add`, or `a b nop nop nop c relaxed_madd`. */
export function bytesOf(build: Build): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from({ length: BYTES.length / 2 }, (_, i) =>
    Number.parseInt(BYTES.slice(i * 2, i * 2 + 2), 16),
  )
  const { mul, add } = OPCODES[build]
  for (let i = 0; i + 2 < bytes.length; i++)
    if (bytes[i] === 0xfd && bytes[i + 2] === 0x01)
      if (bytes[i + 1] === MARK_MUL) bytes.set(mul, i)
      else if (bytes[i + 1] === MARK_ADD) bytes.set(add, i)
  return bytes
}

let mode: KernelMode = 'auto'
const compiled = new Map<Build, Module | null>()

/** For tests: which kernels run from now on. `'auto'` is the fastest there is. */
export function setKernelMode(to: KernelMode): void {
  mode = to
}
export const kernelMode = (): KernelMode => mode

function compile(build: Build): Module | null {
  const known = compiled.get(build)
  if (known !== undefined) return known
  let module: Module | null = null
  const wasm = engine()
  try {
    const bytes = bytesOf(build)
    if (wasm?.validate(bytes)) {
      module = new wasm.Module(bytes)
    }
  } catch {
    // Older browsers compile no more than 4 kB at once on the main thread: scalar kernels until this is done.
    void wasm!.compile(bytesOf(build)).then(
      (late) => compiled.set(build, late),
      () => null,
    )
  }
  compiled.set(build, module)
  return module
}

/** The module of the present mode, or null for the scalar kernels. */
export function kernelModule(): Module | null {
  if (mode === 'scalar') return null
  return mode === 'auto' ? (compile('relaxed') ?? compile('simd')) : compile(mode)
}

/** Kernels over a memory of one's own, such as another module's heap. */
export function instantiate(module: Module, memory: Memory): Kernels {
  return new (engine()!.Instance)(module, { env: { memory } }).exports as Kernels
}
