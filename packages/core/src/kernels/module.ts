/** Loads the compiled kernels: each module on first use, synchronously, in the fastest build that the engine accepts. */
import { engine, type Memory, type Module } from './engine.ts'
import { decode } from './text.ts'

export type Build = 'relaxed' | 'simd'
export type KernelMode = Build | 'scalar' | 'auto'

/** Signatures are those of assembly/*.ts: pointers in bytes, booleans as 0 and 1. */
export type Kernels = Readonly<Record<string, (...args: (number | boolean)[]) => number>>

/** Kernels that are compiled together: see bytes.ts. Who imports one of these pays for its bytes. */
export interface Source {
  readonly text: string
}

// After the SIMD prefix: what assembly/simd.ts writes for madd, an even opcode and the next. Then what each build makes of them.
const MARK = 0xea
const MADD: Record<Build, readonly (readonly number[])[]> = {
  // oxfmt-ignore
  simd: [[0xfd, 0xe6, 0x01], [0xfd, 0xe4, 0x01]],
  // oxfmt-ignore
  relaxed: [[0x01, 0x01, 0x01], [0xfd, 0x85, 0x02]],
}

/** A module's bytes in a build. `a b pmin c pmax` becomes `a b mul c add`, or `a b nop nop nop c relaxed_madd`. */
export function bytesOf({ text }: Source, build: Build): Uint8Array<ArrayBuffer> {
  const bytes = decode(text)
  for (let i = 0; i + 2 < bytes.length; i++)
    if (bytes[i] === 0xfd && (bytes[i + 1] & 0xfe) === MARK && bytes[i + 2] === 0x01)
      bytes.set(MADD[build][bytes[i + 1] & 1], i)
  return bytes
}

let mode: KernelMode = 'auto'
const compiled = new WeakMap<Source, Partial<Record<Build, Module | null>>>()

/** For tests: which kernels run from now on. `'auto'` is the fastest there is. */
export function setKernelMode(to: KernelMode): void {
  mode = to
}
export const kernelMode = (): KernelMode => mode

function compile(source: Source, build: Build): Module | null {
  let builds = compiled.get(source)
  if (!builds) compiled.set(source, (builds = {}))
  const known = builds[build]
  if (known !== undefined) return known
  builds[build] = null
  const wasm = engine()
  try {
    const bytes = bytesOf(source, build)
    if (wasm?.validate(bytes)) builds[build] = new wasm.Module(bytes)
  } catch {
    // Older browsers compile no more than 4 kB at once on the main thread: scalar kernels until this is done.
    void wasm!.compile(bytesOf(source, build)).then(
      (late) => (builds[build] = late),
      () => null,
    )
  }
  return builds[build]
}

/** The module in a mode (default: the present one), or null where the scalar kernels must serve. */
export function moduleOf(source: Source, of: KernelMode = mode): Module | null {
  if (of === 'scalar') return null
  return of === 'auto' ? (compile(source, 'relaxed') ?? compile(source, 'simd')) : compile(source, of)
}

/** Kernels over a memory of one's own, such as another module's heap. */
export function instantiate(module: Module, memory: Memory): Kernels {
  return { ...(new (engine()!.Instance)(module, { env: { memory } }).exports as Kernels) }
}
