/** The packages that bring a backend to Node: what of each lies on disk, and why one could not be used. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addonPath } from './addon.ts'

export type NativePackage =
  | '@tensorflow/tfjs-node-gpu'
  | '@tensorflow/tfjs-node'
  | '@tensorflow/tfjs-backend-wasm'
  | '@tensorflow/tfjs-backend-cpu'

/** The order in which they are tried. */
export const PACKAGES: readonly NativePackage[] = [
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
]

export const isTensorflow = (name: NativePackage): boolean => name.startsWith('@tensorflow/tfjs-node')

export interface Inspected {
  readonly name: NativePackage
  /** Where it is installed; undefined where it is not. */
  readonly folder?: string
  readonly version?: string
  /** Why it cannot be used, and what would help; undefined where nothing on disk speaks against it. */
  readonly refused?: Refusal
}

export interface Refusal {
  readonly why: string
  readonly remedy: string
}

/** @param from the folder of the program, looked in first; then where this package is. */
function folderOf(name: NativePackage, from: string): string | undefined {
  for (const base of [join(from, 'index.js'), fileURLToPath(import.meta.url)]) {
    try {
      return dirname(createRequire(base).resolve(`${name}/package.json`))
    } catch {
      // not there: the next place
    }
  }
  return undefined
}

const COMMAND = 'npx normlab-tfjs libtensorflow'

/** A broken link does not exist. */
const holds = (folder: string, pattern: RegExp): boolean =>
  existsSync(folder) &&
  readdirSync(folder).some((name) => pattern.test(name) && existsSync(join(folder, name)))

const building = (name: NativePackage): string => `${COMMAND}${name.endsWith('-gpu') ? ' --cuda' : ''}`

function libtensorflowRefusal(name: NativePackage, folder: string): Refusal | undefined {
  const remedy =
    process.platform === 'linux' ? building(name) : 'npm rebuild the package, where its download is served'
  const libraries = join(folder, 'deps/lib')
  if (!holds(libraries, /^(lib)?tensorflow(\.so|\.2\.dylib|\.dll|\.lib)/))
    return { why: 'libtensorflow is missing (its own download is refused or incomplete)', remedy }
  if (!existsSync(addonPath(folder))) return { why: 'its addon is not built', remedy }
  return undefined
}

/** Device files of NVIDIA's driver, or Windows' under WSL. Elsewhere nothing is known before TensorFlow is asked. */
export function hasGpu(platform: NodeJS.Platform = process.platform): boolean {
  return platform !== 'linux' || ['/dev/nvidia0', '/dev/dxg'].some((file) => existsSync(file))
}

/** On Linux without its install script, whose download is refused. */
function installing(name: NativePackage): string {
  if (process.platform !== 'linux' || !isTensorflow(name)) return `npm install ${name}`
  return `npm install --ignore-scripts ${name}, then ${building(name)}`
}

export function inspect(name: NativePackage, from: string): Inspected {
  const folder = folderOf(name, from)
  if (!folder) return { name, refused: { why: 'it is not installed', remedy: installing(name) } }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const found = { name, folder, version }
  if (!isTensorflow(name)) return found
  if (name.endsWith('-gpu') && !hasGpu())
    return {
      ...found,
      refused: { why: 'no NVIDIA GPU was found on this machine', remedy: 'Install the NVIDIA driver' },
    }
  return { ...found, refused: libtensorflowRefusal(name, folder) }
}
