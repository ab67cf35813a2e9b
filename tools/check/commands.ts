import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { x } from 'tinyexec'
import { failed, passed, sum, type Tally } from './tally.ts'
import { complaintsOf, test } from './test.ts'

export const root = join(import.meta.dirname, '../..')

/** Runs a command with its output shown; true when it exits with 0. */
export async function show(command: string, ...args: string[]): Promise<boolean> {
  const { exitCode } = await x(command, args, {
    nodeOptions: { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  })
  return exitCode === 0
}

/** One command is one test. */
export async function one(command: string, ...args: string[]): Promise<Tally> {
  return (await show(command, ...args)) ? passed() : failed()
}

export interface Workspace {
  name: string
  folder: string
  scripts: Record<string, string>
}

const under = (folder: string) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : []

/** Every workspace but the root, from the folders that pnpm-workspace.yaml names. */
export function workspaces(): Workspace[] {
  return [...under('packages'), ...under('apps'), 'docs', 'tools', ...under('tools')]
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name, scripts = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      return { name, folder, scripts }
    })
}

export const generated = (): Promise<Tally> => one('pnpm', '--silent', 'run', 'generate', '--check')
/** All at once: the site's takes as long as the others together. A workspace that has no `types` script would go unchecked: that fails. */
export async function types(): Promise<Tally> {
  const checks = workspaces().map(({ name, folder, scripts }) =>
    test(`types of ${name}`, async () =>
      scripts.types
        ? complaintsOf('pnpm', ['--silent', '--dir', folder, 'run', 'types'], root)
        : ['it has no "types" script']),
  )
  return sum(await Promise.all(checks))
}

export const lint = (): Promise<Tally> => one('oxlint', '--deny-warnings')
export const format = (): Promise<Tally> => one('oxfmt', '--check', '.')

/** turbo skips what has not changed. */
export const build = (): Promise<Tally> =>
  one('turbo', 'run', 'build', '--output-logs=new-only', '--ui=stream')

/** Without trustLockfile pnpm holds every locked version against its supply-chain policies, which asks the registry. */
export const supplyChain = (): Promise<Tally> =>
  one('pnpm', 'install', '--frozen-lockfile', '--no-trust-lockfile', '--lockfile-only')
