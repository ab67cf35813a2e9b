/** What is installed for tfjs in Node, what is wrong with it, and what would help. Loads nothing. */
import { hasGpu, inspect, isTensorflow, PACKAGES, type Inspected } from './candidates.ts'
import { findCuda, type CudaLibrary } from './cuda.ts'
import { missingForBuild } from './libtensorflow.ts'

export interface Diagnosis {
  readonly node: string
  /** `linux x64` and so on. */
  readonly platform: string
  /** In the order in which `useNativeBackend` tries them. */
  readonly packages: readonly Inspected[]
  /** False where no driver of an NVIDIA GPU was found; on Windows and macOS that is not looked into. */
  readonly gpu: boolean
  /** Of interest where there is a GPU. */
  readonly cuda: readonly CudaLibrary[]
  /** What `npx normlab-tfjs libtensorflow` would miss; empty where it can run. */
  readonly missingForBuild: readonly string[]
  /** In the order in which they are worth doing. */
  readonly remedies: readonly string[]
}

function cudaRemedies(cuda: readonly CudaLibrary[], env: NodeJS.ProcessEnv): string[] {
  const missing = cuda.filter(({ path }) => !path)
  const wheels = [...new Set(missing.flatMap(({ wheel }) => wheel ?? []))]
  return [
    ...(missing.some(({ name }) => name === 'libcuda.so.1')
      ? ['Install the NVIDIA driver (libcuda.so.1)']
      : []),
    ...(wheels.length > 0
      ? [
          `Install CUDA 12 and cuDNN 9, and name their folders in LD_LIBRARY_PATH; or pip install ${wheels.join(' ')}`,
        ]
      : []),
    ...(env.TF_FORCE_GPU_ALLOW_GROWTH === 'true'
      ? []
      : ['Set TF_FORCE_GPU_ALLOW_GROWTH=true, or TensorFlow takes all of the GPU memory at once']),
  ]
}

/** @param options.from the folder of the program that the packages are installed for. Default: the working directory. */
export async function doctor(options: { readonly from?: string } = {}): Promise<Diagnosis> {
  const { from = process.cwd() } = options
  const packages = PACKAGES.map((name) => inspect(name, from))
  const gpu = hasGpu()
  const cuda = process.platform === 'linux' ? findCuda(packages[0].folder) : []
  const tensorflow = packages.filter(({ name }) => isTensorflow(name))
  const usable = tensorflow.some(({ refused }) => !refused)
  const wanted = gpu ? tensorflow[0] : tensorflow[1]
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    packages,
    gpu,
    cuda,
    missingForBuild: await missingForBuild(),
    remedies: [
      ...(wanted.refused && !usable ? [wanted.refused.remedy] : []),
      ...(gpu && tensorflow[0].folder ? cudaRemedies(cuda, process.env) : []),
    ],
  }
}

/** The diagnosis as lines of text. */
export function report(diagnosis: Diagnosis): string {
  const { node, platform, packages, gpu, cuda, missingForBuild: missing, remedies } = diagnosis
  const lines = packages.map(({ name, version, folder, refused }) => {
    const state = refused ? `${refused.why}. ${refused.remedy}` : 'ready'
    return `  ${name}${version ? ` ${version}` : ''}: ${state}${folder ? ` (${folder})` : ''}`
  })
  return [
    `Node ${node}, ${platform}`,
    'Packages, in the order of preference:',
    ...lines,
    `NVIDIA GPU: ${gpu ? 'a driver is there' : 'none found'}`,
    ...(gpu ? cuda.map(({ name, path }) => `  ${name}: ${path ?? 'not found'}`) : []),
    `npx normlab-tfjs libtensorflow: ${missing.length > 0 ? missing.join('; ') : 'can run here'}`,
    ...(remedies.length > 0 ? ['What would help:', ...remedies.map((one) => `  - ${one}`)] : []),
  ].join('\n')
}
