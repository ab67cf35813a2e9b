/** What a cell may import, and what stands for it in a browser. Also in CONTRIBUTING.md. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { LibraryOptions } from '@normlab/cell/build'
import { pageFiles, root } from './sources.ts'

const docs = join(root, 'docs')
const { resolve } = createRequire(join(docs, 'package.json'))
const wasmFolder = dirname(resolve('@tensorflow/tfjs-backend-wasm'))
const wasm = 'tfjs-backend-wasm-simd.wasm'

export const library = (folder: string): LibraryOptions => ({
  folder,
  root: docs,
  typescript: join(root, 'apps/site'),
  modules: {
    '@normlab/core': '@normlab/core',
    '@normlab/tfjs-layers': '@normlab/tfjs-layers',
    '@normlab/viz': '@normlab/viz',
    '@normlab/cell': '@normlab/cell',
    '@tensorflow/tfjs': '@tensorflow/tfjs',
    // In Node it is one file, which holds every gradient and chained operation.
    '@tensorflow/tfjs-core': {
      code: `import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
export * from '@tensorflow/tfjs-core/dist/index'`,
    },
    '@tensorflow/tfjs-layers': '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-backend-cpu': '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-webgl': '@tensorflow/tfjs-backend-webgl',
    // Its file is a blob of the sandbox, the one with SIMD, which every browser of today runs. Minified, its threads hang.
    '@tensorflow/tfjs-backend-wasm': {
      code: `import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/index'
import { env } from '@tensorflow/tfjs-core'
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
const url = globalThis[Symbol.for('@normlab/cell/wasm')]['${wasm}']
const names = ['tfjs-backend-wasm.wasm', '${wasm}', 'tfjs-backend-wasm-threaded-simd.wasm']
setWasmPaths(Object.fromEntries(names.map((name) => [name, url])))
export * from '@tensorflow/tfjs-backend-wasm/dist/index'`,
    },
    ...Object.fromEntries(pageFiles().map((file) => [file, join(root, file)])),
  },
  wasm: { [wasm]: { file: join(wasmFolder, wasm), for: '@tensorflow/tfjs-backend-wasm' } },
})
