import { x } from 'tinyexec'
import { findTfjsNode } from '../libtensorflow/cache.ts'
import { root } from './commands.ts'
import { project, skipProject } from './vitest.ts'
import type { Tally } from './tally.ts'

/** Offline, or behind a slow line, the tests go on without. */
const MOST_SECONDS = 240
const CANNOT_BE_BUILT = 3

interface Built {
  readonly said: string
  readonly why?: string
}

async function build(): Promise<Built> {
  const args = ['-C', '@normlab/source', 'tools/libtensorflow/index.ts']
  const run = x(process.execPath, args, { timeout: MOST_SECONDS * 1000, nodeOptions: { cwd: root } })
  const { exitCode, stdout, stderr } = await run
  const said = `${stdout}${stderr}`.trim()
  if (exitCode === 0) return { said }
  const last = said.split('\n').at(-1) ?? ''
  if (exitCode === CANNOT_BE_BUILT) return { said, why: last }
  return {
    said,
    why: exitCode === undefined ? `not built within ${MOST_SECONDS} s` : `the build failed: ${last}`,
  }
}

/**
 * Begins to build libtensorflow at once, beside what runs meanwhile. @returns what waits for it and runs the tests, or
 * counts what a skip leaves out.
 */
export function native(): () => Promise<Tally> {
  const building = build().catch((error: Error): Built => ({ said: '', why: error.message }))
  return async () => {
    const { said, why } = await building
    console.log(said)
    return findTfjsNode() ? project('native') : skipProject('native', `no libtensorflow: ${why}`)
  }
}
