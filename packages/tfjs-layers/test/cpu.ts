import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'

/** @returns the backend's version: the import is what registers it. */
export async function useCpu(): Promise<string> {
  await setBackend('cpu')
  return version_cpu
}
