// Packs each public package as `npm publish` would, and checks the tarballs: publint, are-the-types-wrong, and a
// scratch consumer that installs all of them, imports every entry and type-checks against it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { x } from 'tinyexec'
import { root, workspaces } from './check/commands.ts'
import { line, sum, type Tally } from './check/tally.ts'
import { complaintsOf, test, type Packed } from './check/test.ts'
import { consume } from './consume.ts'

async function packOne(folder: string, to: string): Promise<string> {
  const { exitCode, stdout, stderr } = await x('pnpm', ['pack', '--json', '--pack-destination', to], {
    nodeOptions: { cwd: join(root, folder) },
  })
  if (exitCode !== 0) throw new Error(`pnpm pack in ${folder}: exit ${exitCode}\n${stdout}${stderr}`)
  return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename
}

/** Entries that are no modules, and so have no types. */
function styleEntries(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return Object.keys(exports).filter((key) => /\.(css|json)$/.test(key))
}

async function lintPackage(tarball: string): Promise<string[]> {
  const bytes = readFileSync(tarball)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)
}

export async function pack(): Promise<Tally> {
  const to = mkdtempSync(join(tmpdir(), 'normlab-pack-'))
  const tallies: Tally[] = []
  const all: Packed[] = []
  try {
    for (const { name, folder } of workspaces().filter((each) => each.folder.startsWith('packages'))) {
      const packing = await test(`${name}: pnpm pack`, async () => {
        all.push({ name, folder, tarball: await packOne(folder, to) })
        return []
      })
      tallies.push(packing)
      const packed = all.find((each) => each.name === name)
      if (!packed) continue
      tallies.push(await test(`${name}: publint`, () => lintPackage(packed.tarball)))
      const noTypes = styleEntries(folder)
      const excluded = noTypes.length ? ['--exclude-entrypoints', ...noTypes] : []
      const attw = [packed.tarball, '--profile', 'esm-only', '--no-color', '--no-emoji', ...excluded]
      tallies.push(
        await test(`${name}: are the types wrong`, () => complaintsOf('attw', attw, join(root, 'tools'))),
      )
    }
    tallies.push(await consume(all))
    return sum(tallies)
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const tally = await pack()
  console.log(line(tally))
  process.exitCode = tally.failed ? 1 : 0
}
