import { vectors } from '../kernels/bytes.ts'
import { moduleOf, setKernelMode, type KernelMode } from '../kernels/module.ts'

/**
 * Which kernels run from now on: `'scalar'`, `'simd'`, `'relaxed'`, or `'auto'`, the fastest there is.
 * @returns whether the engine has them. Where it has not, scalar kernels run.
 */
export function useKernels(mode: KernelMode): boolean {
  setKernelMode(mode)
  return mode === 'scalar' || moduleOf(vectors) !== null
}
