import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { x } from 'tinyexec'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The import rule of the house, seen red: core <- tfjs-layers, core <- viz <- cell, all <- site, docs.
const root = join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'normlab-lint-'))
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The rules that a file with this one line breaks, at this path of the repository. */
async function broken(path: string, code: string): Promise<string[]> {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, code)
  const { stdout } = await x('oxlint', ['--format=json', path], { nodeOptions: { cwd: folder } })
  rmSync(file)
  return JSON.parse(stdout).diagnostics.map((diagnostic: { code: string }) => diagnostic.code)
}

const rule = 'eslint(no-restricted-imports)'
const use = (from: string) => `import { a } from '${from}'\nexport const b = a\n`

test.each([
  ['packages/core/src/a.ts', use('@normlab/viz')],
  ['packages/core/src/a.ts', use('@normlab/tfjs-layers')],
  ['packages/core/src/a.ts', use('d3-array')],
  ['packages/core/src/a.ts', use('node:fs')],
  ['packages/core/src/a.ts', use('../../viz/src/index.ts')],
  ['packages/core/src/a.ts', use('../../../tools/run.ts')],
  ['packages/core/src/a.ts', `import type { A } from '@tensorflow/tfjs-core'\nexport type B = A\n`],
  ['packages/core/src/a.ts', `export { a } from '@normlab/viz'\n`],
  ['packages/core/src/a.ts', `export const a = await import('@normlab/viz')\n`],
  ['packages/core/test/a.test.ts', use('@normlab/tfjs-layers')],
  ['packages/core/test/a.test.ts', use('@tensorflow/tfjs-core')],
  ['packages/viz/src/a.ts', use('@tensorflow/tfjs-core')],
  ['packages/viz/src/a.ts', use('@tensorflow/tfjs')],
  ['packages/viz/src/a.ts', use('@normlab/tfjs-layers')],
  ['packages/viz/src/elements/a.ts', use('../../../core/src/index.ts')],
  ['packages/viz/test/a.test.ts', use('@normlab/site')],
  ['packages/cell/src/a.ts', use('@normlab/tfjs-layers')],
  ['packages/cell/src/a.ts', use('@tensorflow/tfjs')],
  ['packages/tfjs-layers/src/a.ts', use('@normlab/viz')],
  ['packages/tfjs-layers/src/backends/a.ts', use('@normlab/viz/elements')],
  ['packages/tfjs-layers/src/a.ts', use('../../../docs/axes/a.ts')],
])('%s may not hold: %s', async (path, code) => {
  expect(await broken(path, code)).toContain(rule)
})

test.each([
  ['packages/core/src/a.ts', use('./pattern.ts')],
  ['packages/core/test/a.test.ts', use('fast-check')],
  ['packages/core/test/a.test.ts', use('@normlab/core/testing')],
  ['packages/viz/src/a.ts', use('@normlab/core')],
  ['packages/viz/src/a.ts', use('d3-scale')],
  ['packages/tfjs-layers/src/a.ts', use('@normlab/core')],
  ['packages/tfjs-layers/src/a.ts', use('@tensorflow/tfjs-core')],
  ['packages/cell/src/a.ts', use('@normlab/viz')],
  ['apps/site/src/a.ts', use('@normlab/viz')],
  ['docs/axes/a.ts', use('@normlab/tfjs-layers')],
])('%s may hold: %s', async (path, code) => {
  expect(await broken(path, code)).not.toContain(rule)
})

test('a plain mistake is seen too', async () => {
  expect(await broken('packages/core/src/a.ts', 'export const a = (b: number) => b === NaN\n')).not.toEqual(
    [],
  )
})
