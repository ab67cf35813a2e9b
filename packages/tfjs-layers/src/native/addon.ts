/** tfjs-node's addon: two C++ files against N-API and libtensorflow's C interface. */
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { output, run } from './run.ts'
import { SHIM } from './utilShim.ts'

/** The newest that tfjs-node 4.22 knows; every Node >= 20 has it. */
const N_API = 8

const HEADERS = 'node-api-headers@1.9.0'

export const addonPath = (folder: string): string => join(folder, `lib/napi-v${N_API}/tfjs_binding.node`)

export const compiler = (): string => process.env.CXX || 'c++'

/** N-API's headers from npm: node-gyp would fetch those of all of Node from elsewhere. @returns the include folder. */
export async function fetchHeaders(folder: string, signal?: AbortSignal): Promise<string> {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error']
  await run('npm', ['install', ...quiet, '--prefix', folder, HEADERS], { signal })
  return join(folder, 'node_modules/node-api-headers/include')
}

/** @param folder of tfjs-node, with libtensorflow in its `deps`. @param headers N-API's. */
export async function compileAddon(folder: string, headers: string, signal?: AbortSignal): Promise<void> {
  const to = addonPath(folder)
  const partial = `${to}.${process.pid}`
  mkdirSync(join(to, '..'), { recursive: true })
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc']
  const includes = [`-I${headers}`, '-Ideps/include']
  const libraries = [
    '-Ldeps/lib',
    '-ltensorflow',
    '-ltensorflow_framework',
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]
  const how = ['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${N_API}`]
  await run(compiler(), [...how, ...includes, ...sources, ...libraries, '-o', partial], {
    cwd: folder,
    signal,
  })
  renameSync(partial, to)
}

const TRY = `
const tf = require(process.argv[1])
const { binding, isUsingGpuDevice } = tf.backend()
if (tf.sum(tf.add([1, 2], [3, 4])).dataSync()[0] !== 10) throw new Error('1 + 2 + 3 + 4 is not 10')
process.stdout.write(JSON.stringify({ tensorflow: binding.TF_Version, gpu: isUsingGpuDevice }))
`

/** Loads tfjs-node in a process of its own, where one op runs. @throws Error with what it said. */
export async function tryAddon(
  folder: string,
  signal?: AbortSignal,
): Promise<{ tensorflow: string; gpu: boolean }> {
  const env = { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env }
  return JSON.parse(await output(process.execPath, ['-e', SHIM + TRY, folder], { env, signal }))
}
