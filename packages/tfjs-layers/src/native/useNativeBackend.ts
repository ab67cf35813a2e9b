/** The fastest backend that Node has here: which one, and why not another. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../errors.ts'
import {
  inspect,
  isTensorflow,
  PACKAGES,
  type Inspected,
  type NativePackage,
  type Refusal,
} from './candidates.ts'
import { findCuda } from './cuda.ts'
import { mendUtil } from './utilShim.ts'

export interface NativeOptions {
  /** The folder of the program that the packages are installed for. Default: the working directory. */
  readonly from?: string
  /** Packages to try, in this order. Default: tfjs-node-gpu, tfjs-node, tfjs-backend-wasm, tfjs-backend-cpu. */
  readonly packages?: readonly NativePackage[]
  /** Gets the choice and its reasons as text; false says nothing. Default `console.log`. */
  readonly log?: false | ((text: string) => void)
}

export interface NativeChoice {
  readonly package: NativePackage
  /** The name under which tfjs knows it, and which is now set. */
  readonly backend: 'tensorflow' | 'wasm' | 'cpu'
  readonly version: string
  /** libtensorflow's version; undefined for the others. */
  readonly tensorflow?: string
  readonly gpu: boolean
  /** What keeps a GPU from being used, where a package for one was chosen. */
  readonly warning?: string
  /** Those that were tried before, and why each could not be used. */
  readonly refused: readonly ({ readonly package: NativePackage } & Refusal)[]
}

interface Loaded {
  readonly backend: NativeChoice['backend']
  readonly tensorflow?: string
  readonly gpu: boolean
  readonly warning?: string
}

interface TensorflowBackend {
  readonly binding: { readonly TF_Version: string }
  readonly isUsingGpuDevice: boolean
}

/** An op that needs the shim on Node >= 23, and reads its result. */
function probe(): void {
  const sum = tf.tidy(() => tf.sum(tf.matMul([[1, 2]], [[3], [4]])).dataSync()[0])
  if (sum !== 11) throw new Error(`1 x 3 + 2 x 4 came out as ${sum}`)
}

async function load({ name, folder }: Inspected): Promise<Loaded> {
  if (isTensorflow(name)) mendUtil()
  const entry = createRequire(`${folder!}/package.json`).resolve(folder!)
  const loaded = (await import(pathToFileURL(entry).href)) as { setWasmPaths?: (folder: string) => void }
  const backend = isTensorflow(name) ? 'tensorflow' : name.endsWith('wasm') ? 'wasm' : 'cpu'
  if (existsSync(`${dirname(entry)}/tfjs-backend-wasm.wasm`)) loaded.setWasmPaths?.(`${dirname(entry)}/`)
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its backend ${backend}`)
  probe()
  if (backend !== 'tensorflow') return { backend, gpu: false }
  const { binding, isUsingGpuDevice: gpu } = tf.backend() as unknown as TensorflowBackend
  const missing = findCuda(folder)
    .filter(({ path }) => !path)
    .map((library) => library.name)
  const warning = name.endsWith('-gpu') && !gpu ? gpuWarning(missing) : undefined
  return { backend, tensorflow: binding.TF_Version, gpu, warning }
}

const gpuWarning = (missing: readonly string[]): string =>
  missing.length > 0
    ? `TensorFlow registered no GPU, for want of ${missing.join(', ')}; it runs on the CPU`
    : 'TensorFlow registered no GPU; it runs on the CPU. Its own messages (TF_CPP_MIN_LOG_LEVEL=0) say why'

/** One line a package. */
export function describe(choice: NativeChoice): string {
  const { package: name, version, backend, tensorflow, gpu, warning, refused } = choice
  const what = tensorflow ? `libtensorflow ${tensorflow}, ${gpu ? 'GPU' : 'CPU'}` : backend
  return [
    `normlab: ${name} ${version} (${what})`,
    ...(warning ? [`  ${warning}`] : []),
    ...refused.map((one) => `  not ${one.package}: ${one.why}. ${one.remedy}`),
  ].join('\n')
}

/**
 * Loads the first of tfjs-node-gpu, tfjs-node, tfjs-backend-wasm and tfjs-backend-cpu that works here, makes it tfjs's
 * backend, and says which and why. On Node >= 23 it puts back the two functions that tfjs-node 4.22 misses. What was
 * loaded stays so: tfjs-node-gpu without a GPU runs on the CPU rather than making room for tfjs-node.
 * @throws NormlabError naming `packages` where none works, with the reasons.
 */
export async function useNativeBackend(options: NativeOptions = {}): Promise<NativeChoice> {
  const { from = process.cwd(), packages = PACKAGES, log = console.log } = options
  const unknown = packages.find((name) => !PACKAGES.includes(name))
  if (unknown) throw new NormlabError('packages', show(unknown), `Give some of ${show(PACKAGES)}`)
  const refused: NativeChoice['refused'][number][] = []
  for (const name of packages) {
    const found = inspect(name, from)
    if (found.refused) {
      refused.push({ package: name, ...found.refused })
      continue
    }
    try {
      const choice = { package: name, version: found.version!, ...(await load(found)), refused }
      if (log) log(describe(choice))
      return choice
    } catch (error) {
      const [why] = (error as Error).message.split('\n')
      refused.push({
        package: name,
        why: `it does not load: ${why}`,
        remedy: 'npx normlab-tfjs doctor tells more',
      })
    }
  }
  const reasons = refused.map((one) => `${one.package}: ${one.why}`).join('; ')
  throw new NormlabError('packages', `none can be used (${reasons})`, 'Install one of them')
}
