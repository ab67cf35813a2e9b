/**
 * What an import costs a page: bundled from dist and minified by Vite (Rolldown, Oxc), gzip -9, in bytes. The budgets are
 * what it costs today and a little: raise them on purpose only.
 */
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { build } from 'vite'
import { variants } from '../src/variants/index.ts'

const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url))

async function gzipOf(names: string): Promise<number> {
  if (!existsSync(entry)) throw new Error('packages/core/dist is missing: run "pnpm build" first')
  const id = 'virtual:entry'
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (source) => (source === id ? source : null),
        load: (source) =>
          source === id ? `import ${names} from ${JSON.stringify(entry)}; console.log(used)` : null,
      },
    ],
    build: { write: false, minify: true, target: 'es2022', rollupOptions: { input: id } },
  })
  const { output } = (Array.isArray(result) ? result[0] : result) as { output: { code?: string }[] }
  return gzipSync(output.map(({ code }) => code ?? '').join(''), { level: 9 }).length
}

/** A variant that comes later takes room of its own, some more where it says in its definition what `about` might say. */
const MORE = Math.max(0, variants.length - 63) * 400

test.each([
  ['{ layerNorm as used }', 12_000],
  ['{ dropout as used }', 10_600],
  ['* as used', 35_000 + MORE],
])(
  '%s',
  async (names, budget) => {
    const size = await gzipOf(names)
    console.info(`${names}: ${size} bytes gzip`)
    expect(size).toBeLessThan(budget)
  },
  60_000,
)

test('the README says what it is', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, one, all] = /layerNorm \}` is ([\d.]+) kB minified and gzipped, everything ([\d.]+) kB/.exec(
    readme,
  )!
  expect(Math.abs((await gzipOf('{ layerNorm as used }')) - Number(one) * 1000)).toBeLessThan(100)
  expect(Math.abs((await gzipOf('* as used')) - Number(all) * 1000)).toBeLessThan(100 + MORE)
}, 60_000)
