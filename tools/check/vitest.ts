import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { x } from 'tinyexec'
import { root, show } from './commands.ts'
import { failed, skipped, sum, type Tally } from './tally.ts'

/** Runs one project of vitest.config.ts and reads what tools/vitest/countReporter.ts counted. */
export async function project(name: string): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'normlab-count-'))
  process.env.NORMLAB_COUNT_FILE = join(folder, 'tally.json')
  try {
    const ok = await show(
      'vitest',
      'run',
      '--project',
      name,
      '--reporter=default',
      '--reporter=./tools/vitest/countReporter.ts',
    )
    const tally: Tally = JSON.parse(readFileSync(process.env.NORMLAB_COUNT_FILE, 'utf8'))
    return ok || tally.failed ? tally : sum([tally, failed()])
  } catch (error) {
    console.error(`vitest did not finish: ${(error as Error).message}`)
    return failed()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Counts a project's tests without a browser, by reading the files: what a skip leaves out. */
export async function skipProject(name: string, why: string): Promise<Tally> {
  const args = ['list', '--project', name, '--static-parse', '--json']
  const { stdout } = await x('vitest', args, { nodeOptions: { cwd: root, env: { NORMLAB_LIST: '1' } } })
  const start = stdout.indexOf('[')
  const count = start < 0 ? 1 : (JSON.parse(stdout.slice(start)) as unknown[]).length
  return count ? skipped(`${count} ${name} tests`, why, count) : sum([])
}
