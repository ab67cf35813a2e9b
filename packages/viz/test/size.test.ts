import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { build, defaultClientConditions } from 'vite'

/** What a page loads, kB gzip, core and d3 included. */
async function bundled(entry: string): Promise<{ code: string; kB: number }> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@normlab/source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2024',
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ['iife'], name: 'viz' },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]) as {
    output: { type: string; code?: string }[]
  }[]
  const code = outputs.flatMap((one) => one.output.map((file) => file.code ?? '')).join('')
  return { code, kB: gzipSync(code, { level: 9 }).length / 1000 }
}

test.each([
  ['elements/axes', 15],
  ['elements/ridgeline', 15],
  ['elements/index', 21],
  ['index', 39],
])('%s is at most %i kB gzip', async (entry, most) => {
  const { kB } = await bundled(`../src/${entry}.ts`)
  console.info(`@normlab/viz ${entry}: ${kB.toFixed(1)} kB gzip`)
  expect(kB).toBeLessThanOrEqual(most)
})

test('the root touches no DOM, and importing it in Node registers nothing', async () => {
  const { code } = await bundled('../src/index.ts')
  expect(code).not.toMatch(/\bdocument\.|\bcustomElements\b|\bHTMLElement\b|\bwindow\./)
  await import('../src/elements/index.ts')
  expect('customElements' in globalThis).toBe(false)
})
