/** Gives @tensorflow/tfjs-node (or -gpu) a libtensorflow of today, where its own download brings one of 2022 or none. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NormlabError, show } from '../errors.ts'
import { addonPath, compileAddon, compiler, fetchHeaders, tryAddon } from './addon.ts'
import { works } from './run.ts'
import { TENSORFLOW, fetchWheel, unpackWheel, wheelFor, type Flavour } from './wheel.ts'

export interface InstallOptions {
  /** `'cuda'` is the build for NVIDIA GPUs: CUDA 12 and cuDNN 9 must be on the machine. Default `'cpu'`. */
  readonly flavour?: Flavour
  /** A folder with `node_api.h`; by default the npm package node-api-headers is fetched. */
  readonly headers?: string
  /** Ends the commands in flight; what was there before stays. */
  readonly signal?: AbortSignal
  /** Gets a line at each step. Default `console.log`. */
  readonly log?: (line: string) => void
}

export interface Installed {
  /** False where the same libtensorflow was there already. */
  readonly fresh: boolean
  /** As libtensorflow itself says. */
  readonly tensorflow: string
  /** True where TensorFlow registers a GPU. */
  readonly gpu: boolean
}

/** What is not on this machine and would be wanted to build, each as a sentence; none where all is there. */
export async function missingForBuild(flavour: Flavour = 'cpu'): Promise<string[]> {
  const { platform, arch } = process
  if (!wheelFor(flavour, platform, arch))
    return [`there is no TensorFlow wheel with libtensorflow (${flavour}) for ${platform} ${arch}`]
  const [pip, cxx] = await Promise.all([
    works('python3', ['-m', 'pip', '--version']),
    works(compiler(), ['--version']),
  ])
  return [
    ...(pip ? [] : ['python3 with pip is missing (Debian: apt-get install python3-pip)']),
    ...(cxx ? [] : [`the C++ compiler ${compiler()} is missing (Debian: apt-get install g++)`]),
  ]
}

const stampOf = (deps: string): string => join(deps, 'normlab.json')

/** What an earlier call put into `deps`. */
function stamped(deps: string): unknown {
  try {
    return JSON.parse(readFileSync(stampOf(deps), 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Puts libtensorflow from the TensorFlow wheel of PyPI (checked against a hash) into `deps`, builds the addon against it,
 * and runs an op. Linux; wants python3 with pip, npm, and a C++ compiler. About a minute, and 850 MB on disk (CUDA: 1.3 GB).
 * @param folder of @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu.
 * @throws NormlabError naming `folder` or `flavour`; Error with the output of the command that failed.
 */
export async function installLibtensorflow(folder: string, options: InstallOptions = {}): Promise<Installed> {
  const { flavour = 'cpu', signal, log = console.log } = options
  if (!existsSync(join(folder, 'binding/tfjs_backend.cc')))
    throw new NormlabError('folder', `${show(folder)} holds no tfjs-node`, 'Give the folder of the package')
  const missing = await missingForBuild(flavour)
  const deps = join(folder, 'deps')
  const stamp = { tensorflow: TENSORFLOW, flavour }
  if (JSON.stringify(stamped(deps)) === JSON.stringify(stamp) && existsSync(addonPath(folder)))
    return { fresh: false, ...(await tryAddon(folder, signal)) }
  if (missing.length > 0) throw new NormlabError('flavour', missing.join('; '), 'Install what is missing')

  const wheel = wheelFor(flavour, process.platform, process.arch)!
  const work = join(folder, `deps.partial-${process.pid}`)
  const unpacked = join(work, 'deps')
  try {
    mkdirSync(work, { recursive: true })
    log(`[1/4] ${wheel.project} ${TENSORFLOW} from PyPI (${wheel.megabytes} MB)`)
    const file = await fetchWheel(wheel, work, signal)
    log('[2/4] unpacking libtensorflow and its headers')
    await unpackWheel(file, unpacked, signal)
    const headers = options.headers ?? (await fetchHeaders(work, signal))
    writeFileSync(stampOf(unpacked), `${JSON.stringify(stamp)}\n`)
    rmSync(deps, { recursive: true, force: true })
    renameSync(unpacked, deps)
    log("[3/4] compiling tfjs-node's addon")
    await compileAddon(folder, headers, signal)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  log('[4/4] loading it and running an op')
  return { fresh: true, ...(await tryAddon(folder, signal)) }
}
