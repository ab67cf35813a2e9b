import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { x } from 'tinyexec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The ```ts fences of the README, as printed, on the built packages: no source condition here.
const root = join(import.meta.dirname, '../..')
// From here the three packages and tfjs resolve as they do for a user: this workspace depends on them all.
const folder = join(root, 'tools/.cache/readme')

interface Fence {
  code: string
  /** What it should print: the ```text fence that follows, else its own `// ->` comments. */
  prints: string
}

export function fences(markdown: string): Fence[] {
  const found = markdown.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\s*^```text\n([\s\S]*?)^```)?/gm)
  return [...found].map(([, code, text]) => {
    const comments = [...code.matchAll(/\/\/ -> ?(.*)$/gm)].map((match) => match[1])
    return { code, prints: (text ?? comments.join('\n')).trim() }
  })
}

const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : ''

beforeAll(() => {
  for (const name of ['core', 'tfjs-layers', 'viz'])
    if (!existsSync(join(root, 'packages', name, 'dist/index.js')))
      throw new Error(`packages/${name}/dist is missing: run "pnpm build" first`)
  mkdirSync(folder, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the README begins with core, then tfjs-layers, ten lines each', () => {
  const [first, second] = fences(readme)
  expect(first?.code).toContain('@normlab/core')
  expect(second?.code).toContain('@normlab/tfjs-layers')
  for (const { code } of [first, second]) expect(code.trim().split('\n').length).toBeLessThanOrEqual(10)
})

describe.each(fences(readme).map((fence, index) => ({ ...fence, name: `fence-${index + 1}.ts` })))(
  '$name',
  (fence) => {
    const file = join(folder, fence.name)
    const { code, prints } = fence
    beforeAll(() => writeFileSync(file, code.includes('export ') ? code : `${code}\nexport {}\n`))

    test('prints what the README says', async () => {
      expect(prints, 'a ```text fence after it, or // -> comments in it').not.toBe('')
      const { stdout, stderr, exitCode } = await x(process.execPath, [file])
      expect(exitCode, stderr).toBe(0)
      expect(stdout.trim()).toBe(prints)
    })

    test('type-checks', async () => {
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'NodeNext', '--target', 'ES2023']
      const libraries = ['--lib', 'ES2023,DOM', '--types', 'node']
      const { stdout } = await x('tsc', [...options, ...libraries, '--ignoreConfig', file], {
        nodeOptions: { cwd: folder },
      })
      expect(stdout).toBe('')
    })
  },
)

test('fences are found with what they print', () => {
  const text = 'a\n```ts\nf(1) // -> 2\n```\nb\n```ts\ng()\n```\n\n```text\n3\n4\n```\n```js\n```\n'
  expect(fences(text)).toEqual([
    { code: 'f(1) // -> 2\n', prints: '2' },
    { code: 'g()\n', prints: '3\n4' },
  ])
})
