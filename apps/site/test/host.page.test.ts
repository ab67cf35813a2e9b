import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { siteUrl, useBrowser } from './browser.ts'
import { CellOnPage } from './cell.ts'

// Somebody else's page, on another origin, with one script tag of ours and a strict policy of its own.
const { open } = useBrowser()
let server: Server
let url: string
const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Another site</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${siteUrl}; connect-src ${siteUrl}; frame-src ${siteUrl}; img-src data:; style-src 'unsafe-inline'">
<script type="module" async src="${siteUrl}cells/norm-cell.js"></script></head>
<body><h1>Mine</h1>
<norm-cell id="first"><pre>
import { layerNorm } from '@normlab/core'
import { show } from '@normlab/cell'
import { axes } from '@normlab/viz'
const x: Float32Array = Float32Array.of(1, 2, 3)
console.log(layerNorm.forward({ data: x, shape: [1, 3] }, {}).y.data)
show((width) =&gt; axes('n c -> n', [2, 3], { width }))
</pre></norm-cell>
<norm-cell id="second"><pre>console.log(1 &lt; 2)</pre></norm-cell>
</body></html>`

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    // In two parts: an element is there, and its script too, before its code has come.
    const cut = html.indexOf('import {')
    response.write(html.slice(0, cut))
    setTimeout(() => response.end(html.slice(cut)), 500)
  }).listen(0)
  await once(server, 'listening')
  url = `http://localhost:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

test('a bare page on another origin hosts cells: run, edit, stop', async () => {
  const page = await open(url)
  const [first, second] = [new CellOnPage(page, 'first'), new CellOnPage(page, 'second')]
  expect(await first.run()).toMatch(/^Done/)
  expect(await first.words()).toEqual([
    'Float32Array(3) [-1.2247357, 0, 1.2247357]',
    expect.stringContaining('n c -> n'.slice(0, 3)),
  ])
  expect(await second.run()).toMatch(/^Done/)
  expect(await second.output()).toBe('true')
  expect(await second.runCode('null.x')).toBe('Failed at line 1, column 6.')
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('.cell-bar')!).display)).toBe(
    'flex',
  )
  expect(page.errors.filter((error) => !error.includes('favicon'))).toEqual([])
})
