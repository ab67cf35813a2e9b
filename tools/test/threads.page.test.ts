/** Threads in Chromium: on a page that is cross-origin isolated, and on one that is not. */
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright'
import { createServer, defaultClientConditions, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserArgs } from '../browser.ts'

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}
let browser: Browser
const servers: ViteDevServer[] = []

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: browserArgs })
})
afterAll(async () => {
  await browser.close()
  for (const server of servers) await server.close()
})

/** A page that may import core's sources. */
async function open(headers: Record<string, string>): Promise<Page> {
  const server = await createServer({
    root: fileURLToPath(new URL('../../packages/core', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    cacheDir: 'node_modules/.vite-threads',
    optimizeDeps: { noDiscovery: true },
    resolve: { conditions: ['@normlab/source', ...defaultClientConditions] },
    server: { port: 0, host: '127.0.0.1', headers, hmr: false, watch: null },
    plugins: [
      {
        name: 'page',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (request.url !== '/') return next()
            for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
            response.setHeader('Content-Type', 'text/html')
            response.end('<!doctype html><title>threads</title>')
          })
        },
      },
    ],
  })
  servers.push(await server.listen())
  const page = await browser.newPage()
  await page.goto(server.resolvedUrls!.local[0])
  return page
}

/** Greatest differences between one thread and two, and where the tensors lie. Text: the page runs it as it stands. */
const inPage = `(async () => {
  const { alloc, layerNorm } = await import('/src/index.ts')
  const { threads } = await import('/src/threads/index.ts')
  const shape = [600, 768]
  const values = Float32Array.from({ length: 600 * 768 }, (_, i) => Math.sin(i * 12.9898) * 3)
  const one = layerNorm.forward({ data: values, shape })
  const dxOne = layerNorm.backward({ data: values, shape }, one.saved).dx
  const pool = await threads(2)
  const x = alloc(shape)
  x.data.set(values)
  const two = layerNorm.forward(x)
  const dxTwo = layerNorm.backward(x, two.saved).dx
  const shared = two.y.data.buffer instanceof SharedArrayBuffer
  const far = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
  const y = far(one.y.data, two.y.data)
  const dx = far(dxOne.data, dxTwo.data)
  await pool.close()
  const after = far(layerNorm.forward(x).y.data, two.y.data)
  return { y, dx, after, shared }
})()`

test('two threads answer as one on an isolated page', async () => {
  const page = await open(ISOLATED)
  expect(await page.evaluate('crossOriginIsolated')).toBe(true)
  const workers: string[] = []
  page.on('worker', (worker) => {
    workers.push('started')
    worker.on('close', () => workers.push('ended'))
  })
  const found = await page.evaluate<{ y: number; dx: number; after: number; shared: boolean }>(inPage)
  expect(found.shared).toBe(true)
  expect(found.y).toBe(0)
  expect(found.after).toBe(0)
  expect(found.dx).toBeLessThan(1e-6)
  await expect.poll(() => workers).toEqual(['started', 'ended'])
})

test('a page that is not isolated hears what headers it lacks', async () => {
  const page = await open({})
  expect(await page.evaluate('crossOriginIsolated')).toBe(false)
  await expect(page.evaluate(inPage)).rejects.toThrow('Cross-Origin-Embedder-Policy: require-corp')
})
