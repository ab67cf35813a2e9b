import { backend, setBackend } from '@tensorflow/tfjs-core'
import { createRequire } from 'node:module'
import { mendUtil } from '../src/native/utilShim.ts'
import type { TensorflowBackend } from '../src/backends/tensorflow/ops.ts'

/** tfjs-node from where vitest.config.ts has found it. */
export async function useTensorflow(): Promise<void> {
  mendUtil()
  createRequire(import.meta.url)(process.env.NORMLAB_TFJS_NODE!)
  await setBackend('tensorflow')
}

export const tensorflow = (): TensorflowBackend => backend() as unknown as TensorflowBackend

/** The names of the operations that TensorFlow runs meanwhile. */
export function opsOf(run: () => void): string[] {
  const own = tensorflow() as unknown as {
    binding: { executeOp: (name: string, ...rest: unknown[]) => unknown }
  }
  const { binding } = own
  const names: string[] = []
  const executeOp = (name: string, ...rest: unknown[]) => {
    names.push(name)
    return binding.executeOp(name, ...rest)
  }
  own.binding = Object.create(binding, { executeOp: { value: executeOp } })
  try {
    run()
  } finally {
    own.binding = binding
  }
  return names
}
