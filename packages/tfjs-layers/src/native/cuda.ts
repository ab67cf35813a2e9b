/** CUDA 12 and cuDNN 9, which TensorFlow opens by name at run time: it registers no GPU where one is missing. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The libraries' names as TensorFlow 2.21 opens them, and the wheels of PyPI that hold them. */
const LIBRARIES = {
  'libcuda.so.1': undefined, // the driver's
  'libcudart.so.12': 'nvidia-cuda-runtime-cu12',
  'libcublas.so.12': 'nvidia-cublas-cu12',
  'libcublasLt.so.12': 'nvidia-cublas-cu12',
  'libcufft.so.11': 'nvidia-cufft-cu12',
  'libcusolver.so.11': 'nvidia-cusolver-cu12',
  'libcusparse.so.12': 'nvidia-cusparse-cu12',
  'libcudnn.so.9': 'nvidia-cudnn-cu12',
} as const

export interface CudaLibrary {
  readonly name: string
  /** Undefined where it is not found. */
  readonly path?: string
  /** The PyPI project that holds it; the driver's own has none. */
  readonly wheel?: string
}

function linkerCache(): Map<string, string> {
  try {
    const text = execFileSync('ldconfig', ['-p'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/sbin:/usr/sbin` },
    })
    return new Map(
      text.split('\n').flatMap((line) => {
        const found = /^\s*(\S+) \(.*\) => (\S+)$/.exec(line)
        return found ? [[found[1], found[2]] as const] : []
      }),
    )
  } catch {
    return new Map() // not Linux
  }
}

/** The `lib` folders of `nvidia` beside `lib`: where the wheel's libtensorflow looks by itself (its RUNPATH). */
function beside(packageFolder: string | undefined): string[] {
  const nvidia = packageFolder && join(packageFolder, 'deps/nvidia')
  return nvidia && existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, 'lib')) : []
}

/**
 * In the order of the dynamic linker: LD_LIBRARY_PATH, beside libtensorflow, the system.
 * @param packageFolder of tfjs-node-gpu.
 */
export function findCuda(
  packageFolder: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): CudaLibrary[] {
  const system = linkerCache()
  const folders = [...(env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean), ...beside(packageFolder)]
  return Object.entries(LIBRARIES).map(([name, wheel]) => {
    const path = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
    return { name, path: path ?? system.get(name), wheel }
  })
}
