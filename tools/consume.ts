import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './check/commands.ts'
import { sum, type Tally } from './check/tally.ts'
import { complaintsOf, test, type Packed } from './check/test.ts'

const write = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value, null, 2))

/** A project of somebody else's, outside the workspace, that knows the packages by their tarballs alone. */
function scaffold(folder: string, all: Packed[]): void {
  const files = Object.fromEntries(all.map(({ name, tarball }) => [name, `file:${tarball}`]))
  write(join(folder, 'package.json'), {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: files,
  })
  // JSON is YAML. The overrides keep `@normlab/core` of the other two from being looked up in a registry.
  write(join(folder, 'pnpm-workspace.yaml'), { packages: ['.'], overrides: files, autoInstallPeers: false })
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2023',
    strict: true,
    noEmit: true,
    types: [],
    lib: ['ES2023', 'DOM'],
  }
  write(join(folder, 'tsconfig.json'), {
    compilerOptions: { ...compilerOptions, skipLibCheck: true },
    files: ['index.ts'],
  })
}

/** `@normlab/core`, `@normlab/core/testing`, ...: the modules that the installed package.json exports. */
function entries(installed: string, name: string): string[] {
  return Object.keys(exportsOf(installed))
    .filter((key) => !/\.(css|json)$/.test(key))
    .map((key) => name + key.slice(1))
}

function exportsOf(installed: string): Record<string, string | Record<string, string>> {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).exports
}

function contents(installed: string): string[] {
  const text = readFileSync(join(installed, 'package.json'), 'utf8')
  const targets = Object.values(exportsOf(installed)).flatMap((value) =>
    typeof value === 'string' ? value : Object.values(value),
  )
  return [
    ...targets
      .filter((file) => !existsSync(join(installed, file)))
      .map((file) => `exports ${file}, which is not there`),
    ...['README.md', 'LICENSE']
      .filter((file) => !existsSync(join(installed, file)))
      .map((file) => `no ${file} in the tarball`),
    ...['@normlab/source', 'workspace:', 'catalog:']
      .filter((word) => text.includes(word))
      .map((word) => `package.json says ${word}`),
    ...(existsSync(join(installed, 'src')) ? ['the tarball holds src/'] : []),
  ]
}

/** The Node that `npm test` was called with is the oldest at hand: the packages promise Node 20. */
const nodes = () => [...new Set([process.execPath, process.env.NORMLAB_CALLER_NODE ?? process.execPath])]

const importing = (entry: string) =>
  `const all = Object.keys(await import('${entry}')); if (!all.length) throw new Error('${entry} exports nothing')`

export async function consume(all: Packed[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'normlab-consumer-'))
  try {
    scaffold(folder, all)
    const install = ['install', '--prefer-offline', '--ignore-scripts', '--reporter=append-only']
    const tallies = [
      await test('a scratch consumer installs the tarballs', () => complaintsOf('pnpm', install, folder)),
    ]
    // tfjs is a peer, and large: the consumer borrows the workspace's.
    const tfjs = join(root, 'packages/tfjs-layers/node_modules/@tensorflow')
    if (existsSync(tfjs)) symlinkSync(tfjs, join(folder, 'node_modules/@tensorflow'), 'junction')

    const known: string[] = []
    for (const { name } of all) {
      const installed = join(folder, 'node_modules', name)
      tallies.push(
        await test(`${name}: README, LICENSE, exports of the tarball`, async () => contents(installed)),
      )
      for (const entry of existsSync(installed) ? entries(installed, name) : []) {
        known.push(entry)
        for (const node of nodes()) {
          const run = () => complaintsOf(node, ['--input-type=module', '-e', importing(entry)], folder)
          tallies.push(
            await test(
              `${entry}: can be imported${node === process.execPath ? '' : ' by the Node of npm test'}`,
              run,
            ),
          )
        }
      }
    }
    const lines = known.map(
      (entry, index) =>
        `import * as entry${index} from '${entry}'\nexport const keep${index} = entry${index}\n`,
    )
    writeFileSync(join(folder, 'index.ts'), lines.join(''))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    for (const module of [
      ['NodeNext', 'NodeNext'],
      ['ESNext', 'Bundler'],
    ]) {
      const args = [tsc, '-p', '.', '--module', module[0], '--moduleResolution', module[1]]
      tallies.push(
        await test(`the consumer's types hold (${module[1]})`, () =>
          complaintsOf(process.execPath, args, folder)),
      )
    }
    return sum(tallies)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
