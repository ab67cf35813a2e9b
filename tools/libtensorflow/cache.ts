import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What the cached folder is made from. */
export const recipe = join(import.meta.dirname, 'npm')

/** Of TensorFlow and tfjs-node, which the folder is named after: a new pin is a new folder. */
const names = ['libtensorflow', '2.21.0', 'tfjs-node', '4.22.0', process.platform, process.arch]

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(home, 'normlab', names.join('-'))
}

export const packageIn = (folder: string): string => join(folder, 'node_modules/@tensorflow/tfjs-node')

const sameLock = (folder: string): boolean => {
  const lock = (where: string) => readFileSync(join(where, 'package-lock.json'), 'utf8')
  return existsSync(join(folder, 'package-lock.json')) && lock(folder) === lock(recipe)
}

/** The folder of a tfjs-node that was built: NORMLAB_TFJS_NODE alone, else the one in the user's cache. */
export function findTfjsNode(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.NORMLAB_TFJS_NODE
  if (named && !existsSync(join(named, 'package.json')))
    throw new Error(`NORMLAB_TFJS_NODE names ${named}, and no package is there. Unset it, or name tfjs-node.`)
  if (named) return named
  const folder = cacheFolder(env)
  return sameLock(folder) ? packageIn(folder) : undefined
}
