/** Optional peers, loaded when a `.keras` file is read or written and not before. */
import { NormlabError } from '../errors.ts'

const missing = (name: string, cause: unknown) =>
  Object.assign(
    new NormlabError(
      name,
      'it is not installed, and .keras files are a zip archive around an HDF5 file',
      'Run: npm install h5wasm fflate',
    ),
    { cause },
  )

export interface Hdf5 extends Pick<typeof import('h5wasm'), 'File' | 'Group' | 'Dataset'> {
  readonly module: Awaited<(typeof import('h5wasm'))['ready']>
}

/** HDF5 on WebAssembly, once it is ready. @throws NormlabError naming `h5wasm`. */
export async function loadHdf5(): Promise<Hdf5> {
  const h5 = await import('h5wasm').catch((cause: unknown) => {
    throw missing('h5wasm', cause)
  })
  const module = await h5.ready
  return { File: h5.File, Group: h5.Group, Dataset: h5.Dataset, module }
}

/** @throws NormlabError naming `fflate`. */
export const loadZip = () =>
  import('fflate').catch((cause: unknown) => {
    throw missing('fflate', cause)
  })
