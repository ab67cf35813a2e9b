// `pnpm libtensorflow`: tfjs-node with a libtensorflow that works, in the user's cache, for the tests of the tensorflow
// backend. Takes half a minute and 1.2 GB the first time, nothing afterwards; may be stopped at any time.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { installLibtensorflow, missingForBuild } from '@normlab/tfjs-layers/node'
import { x } from 'tinyexec'
import { cacheFolder, findTfjsNode, packageIn, recipe } from './cache.ts'

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What builds that were killed have left. */
function sweep(folder: string): void {
  const prefix = `${basename(folder)}.partial-`
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(prefix) && !alive(Number(name.slice(prefix.length))))
      rmSync(join(dirname(folder), name), { recursive: true, force: true })
}

async function build(folder: string, signal: AbortSignal): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true })
  sweep(folder)
  const partial = `${folder}.partial-${process.pid}`
  try {
    cpSync(recipe, partial, { recursive: true })
    console.log('[0/4] tfjs-node and its dependencies from npm, without their install scripts')
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    await x('npm', args, { throwOnError: true, signal, nodeOptions: { cwd: partial, stdio: 'inherit' } })
    const headers = join(partial, 'node_modules/node-api-headers/include')
    const { tensorflow, gpu } = await installLibtensorflow(packageIn(partial), { headers, signal })
    console.log(`libtensorflow ${tensorflow} works (${gpu ? 'GPU' : 'CPU'})`)
    rmSync(folder, { recursive: true, force: true }) // of another lock file
    renameSync(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

/** @returns the folder of tfjs-node, or why there is none. */
async function main(): Promise<number> {
  const found = findTfjsNode()
  if (found) {
    console.log(`libtensorflow is there: ${found}`)
    return 0
  }
  const missing = await missingForBuild()
  if (missing.length > 0) {
    console.log(`libtensorflow is not built: ${missing.join('; ')}`)
    return 3
  }
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort())
  try {
    await build(cacheFolder(), stop.signal)
  } catch (error) {
    if (existsSync(cacheFolder()) && findTfjsNode()) return 0 // another build was faster
    console.error(stop.signal.aborted ? 'stopped' : (error as Error).message)
    return stop.signal.aborted ? 130 : 1
  }
  console.log(`built: ${findTfjsNode()}`)
  return 0
}

process.exitCode = await main()
