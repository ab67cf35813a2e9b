import type { Page } from 'playwright'
import { beforeAll, describe, expect, test } from 'vitest'
import { sourceOf } from '../../../tools/cells/files.ts'
import { scriptBytes } from './browser.ts'
import { CellOnPage, triedId as id, triedPath as path, useCell } from './cell.ts'
import { leastOf, watchMainThread } from './mainThread.ts'

const { open, openCell } = useCell()

test('on its page a cell stands as its file does', async () => {
  const cell = await openCell()
  const data = JSON.parse((await cell.root.locator('.cell-data').textContent())!)
  expect(data.source).toBe(sourceOf('docs/shift/cells/workedTable.ts').trimEnd())
})

describe('what is loaded', () => {
  test('with the page: a kilobyte; at Run: no compiler and no editor', async () => {
    const page = await open('about:blank')
    const sizes = await scriptBytes(page, path)
    const own = [...sizes].filter(([name]) => name.startsWith('/cells/'))
    expect(own.map(([name]) => name)).toEqual(['/cells/norm-cell.js'])
    expect(own[0]![1]).toBeLessThan(1500)
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await new CellOnPage(page, id).run()
    expect(loaded.some((name) => name.includes('runner'))).toBe(true)
    expect(loaded.filter((name) => /compiler|editor|tensorflow/.test(name))).toEqual([])
  })

  test('without a network it says so, and runs when there is one again', async () => {
    const cell = await openCell()
    await cell.page.context().setOffline(true)
    await cell.press('run')
    await cell.root.getByText(/^Not loaded: /).waitFor()
    await cell.page.context().setOffline(false)
    expect(await cell.run()).toMatch(/^Done/)
  })

  test('edited code is compiled in the sandbox', async () => {
    const cell = await openCell()
    const loaded: string[] = []
    cell.page.on('request', (request) => loaded.push(request.url()))
    expect(await cell.runCode('const a: number = 41\nconsole.log(a + 1)')).toMatch(/^Done/)
    expect(await cell.output()).toBe('42')
    expect(loaded.filter((url) => url.includes('compiler'))).toHaveLength(1)
  })

  test('one tfjs for all: its parts, the layers and the whole', async () => {
    const cell = await openCell()
    const code = `import * as tf from '@tensorflow/tfjs'
import * as core from '@tensorflow/tfjs-core'
import { layers } from '@normlab/tfjs-layers'
import '@tensorflow/tfjs-backend-wasm'
for (const name of ['cpu', 'wasm', 'webgl']) {
  await tf.setBackend(name)
  const x = core.tensor2d([[1, 3], [2, 6]])
  const y = layers.layerNormalization().apply(x) as tf.Tensor
  console.log(tf.engine() === core.engine(), tf.getBackend(), Math.round((await y.data())[1] * 10))
}`
    expect(await cell.runCode(code)).toMatch(/^Done/)
    expect((await cell.output()).split('\n')).toEqual(['true cpu 10', 'true wasm 10', 'true webgl 10'])
  })
})

describe('Run, Stop, Reset', () => {
  test('Stop ends an endless loop at once, and Run starts anew', async () => {
    const cell = await openCell()
    await cell.write('console.log("begun")\nfor (;;);')
    await cell.press('run')
    await cell.said('begun')
    // Before the page does anything else: promises are waited for, no timer and no frame.
    const left = await cell.page.evaluate(async (name) => {
      const root = document.getElementById(name)!
      root.querySelector<HTMLElement>('[data-cell-act=stop]')!.click()
      for (let i = 0; i < 20; i++) await Promise.resolve()
      return [root.querySelector('.cell-status')!.textContent, document.querySelectorAll('iframe').length]
    }, id)
    expect(left).toEqual(['Stopped.', 0])
    await expect.poll(() => cell.page.workers().length).toBe(0)
    expect(await cell.runCode('console.log("again")')).toMatch(/^Done/)
    expect(await cell.output()).toBe('again')
  })

  test('silence ends a run by itself', async () => {
    const cell = await openCell()
    await cell.root.locator('.cell-data').evaluate((element) => {
      element.textContent = JSON.stringify({ ...JSON.parse(element.textContent!), silence: 1500 })
    })
    expect(await cell.runCode('console.log("begun")\nfor (;;);')).toMatch(/^Stopped/)
    expect(await cell.output()).toContain('Nothing was printed for 1.5 seconds')
    await expect.poll(() => cell.page.workers().length).toBe(0)
  })

  test('Reset brings back code, output and words', async () => {
    const cell = await openCell()
    const [words, said] = [await cell.words(), await cell.status()]
    await cell.runCode('throw new Error("mine")')
    await cell.press('reset')
    expect(await cell.words()).toEqual(words)
    expect(await cell.status()).toBe(said)
    expect(await cell.root.locator('.cell-code').isVisible()).toBe(true)
    expect(await cell.run()).toMatch(/^Done/)
  })

  test('by keyboard: Run, Stop under the finger, and back', async () => {
    const cell = await openCell()
    const act = () => cell.page.evaluate(() => (document.activeElement as HTMLElement).dataset['cellAct'])
    await cell.write('for (;;) await new Promise((done) => setTimeout(done, 5))')
    await cell.root.locator('[data-cell-act=run]').focus()
    await cell.page.keyboard.press('Enter')
    await expect.poll(act).toBe('stop')
    await cell.page.keyboard.press('Enter')
    await expect.poll(act).toBe('run')
  })
})

describe('errors', () => {
  let shared: CellOnPage
  beforeAll(async () => {
    shared = await openCell()
  })

  test.each([
    [
      'at run time',
      'type A = { b: number }\n\nconst f = (x: A | null, y?: string): number => x!.b\n  f(null)',
      3,
      51,
      'TypeError',
    ],
    ['in the syntax', 'const a = 1\nconst b: = 2', 2, 10, 'SyntaxError'],
    ['an import', "const a = 1\nimport b from 'lodash'\nconsole.log(b)", 2, 15, 'SyntaxError'],
    ['a promise', 'await 0\nawait Promise.reject(new RangeError("x"))', 2, 22, 'RangeError'],
    ['later', 'setTimeout(() => {\n  throw new Error("x") })\nawait new Promise(() => {})', 2, 9, 'Error'],
    ['a refused argument', "import { show } from '@normlab/cell'\n\nshow('x')", 3, 1, 'NormlabError'],
  ])('%s: message, line and column of the reader’s own code', async (_, code, line, column, name) => {
    expect(await shared.runCode(code)).toBe(`Failed at line ${line}, column ${column}.`)
    expect(await shared.output()).toContain(`${name}: `)
    expect(await shared.root.locator('.cm-lintRange-error, .cm-lintPoint-error').count()).toBe(1)
    await shared.root.locator('.cell-place').click()
    expect(await shared.root.locator('.cm-activeLineGutter').first().textContent()).toBe(String(line))
  })

  test('a wrong import says what can be imported', async () => {
    await shared.runCode("import 'node:fs'")
    expect(await shared.output()).toContain(
      '@normlab/core, @normlab/tfjs-layers, @normlab/viz, @normlab/cell, @tensorflow/tfjs,',
    )
  })

  test('of the code as it was written: its line is marked', async () => {
    const cell = await openCell()
    await cell.root.locator('.cell-data').evaluate((element) => {
      const data = JSON.parse(element.textContent!)
      const source = data.source.replace('export const parts', 'null.x; const parts')
      element.textContent = JSON.stringify({ ...data, source })
    })
    await cell.run()
    expect(await cell.root.locator('.cell-bad').textContent()).toContain('export const parts')
  })

  test('Check finds what is wrong, types among it, each with its line, without a run', async () => {
    const cell = await openCell()
    const checked = async (code: string) => {
      await cell.write(code)
      await cell.press('check')
      await expect.poll(() => cell.status(), { timeout: 30_000 }).toMatch(/problem|wrong/)
      return [await cell.status(), ...(await cell.root.locator('.cell-problems li').allInnerTexts())]
    }
    expect(await checked('console.log("never")\nlet = 5 5')).toEqual([
      'One problem.',
      expect.stringMatching(/^SyntaxError: [\s\S]*line 2, column \d+$/),
    ])
    const code = `import { layerNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs'
import { attribute } from '../experiment/attribution.ts'
const a: number = 'x'
layerNorm.forward({ data: Float32Array.of(1), shape: 1 }, {})
tf.tensor([1]).addd(2)
attribute(a)`
    expect(await checked(code)).toEqual([
      '4 problems.',
      expect.stringMatching(/^TypeScript 2322: Type 'string'[\s\S]*line 4, column 7$/),
      expect.stringMatching(/^TypeScript 2322: Type 'number'[\s\S]*line 5, column 47$/),
      expect.stringMatching(/^TypeScript 2551: [\s\S]*'add'\?[\s\S]*line 6, column 16$/),
      expect.stringMatching(/^TypeScript 2554: Expected 3 arguments[\s\S]*line 7, column 1$/),
    ])
    expect(await cell.root.locator('.cm-lintRange-error').count()).toBe(4)
    await cell.root.locator('.cell-problems .cell-place').nth(2).click()
    expect(await cell.root.locator('.cm-activeLineGutter').first().textContent()).toBe('6')
    expect(await checked(sourceOf('docs/shift/cells/watch.ts'))).toEqual(['Nothing is wrong.'])
    expect(await cell.output()).not.toContain('never')
    expect(cell.page.errors).toEqual([])
  })
})

test('every kind of output', async () => {
  const cell = await openCell()
  const code = `import { assert, chart, param, progress, show, table } from '@normlab/cell'
const n = param('n', 5, { min: 1, max: 9, label: 'How many' })
console.log('log', n); console.info('info'); console.warn('warn'); console.error('error'); console.debug({ a: [1, 'b'] })
console.table([{ a: 1 }, { a: 2 }])
table([['x', 'y'], [1, 0.123456]], { digits: 2, caption: 'two' })
show('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><title>A dot</title><circle r="5"/></svg>', 'below')
const loss = chart('loss')
for (let i = 0; i < n; i++) { loss.add(i, { a: 1 / (i + 1) }); progress(i + 1, n) }
assert(n > 0, 'n is positive')
export const end = { n, float: Float32Array.of(0.1) }`
  expect(await cell.runCode(code)).toMatch(/^Done/)
  expect((await cell.words()).map((words) => words.replaceAll(/\s+/g, ' '))).toEqual([
    'log 5',
    'info',
    'Warning: warn',
    'Error: error',
    '{ a: [1, "b"] }',
    'a12',
    'twoxy10.12',
    'A dot',
    expect.stringMatching(/^loss/),
    '✓ n is positive',
    'end = { n: 5, float: [0.1] }',
  ])
  expect(await cell.root.locator('.cell-figure figcaption').textContent()).toBe('below')
  const slider = cell.root.getByLabel('How many')
  await slider.fill('7')
  await expect.poll(() => cell.output()).toContain('log 7') // Run was pressed for this code: it runs again
  expect(cell.page.errors).toEqual([])
})

describe('the editor', () => {
  test('Tab indents; Escape, then Tab, leaves', async () => {
    const cell = await openCell()
    await cell.write('a')
    await cell.page.keyboard.press('Home')
    await cell.page.keyboard.press('Tab')
    expect(await cell.root.locator('.cm-content').innerText()).toBe('  a')
    await cell.page.keyboard.press('Escape')
    await cell.page.keyboard.press('Tab')
    expect(await cell.page.evaluate(() => document.activeElement!.closest('.cm-editor'))).toBeNull()
    await cell.page.keyboard.press('Tab')
    await cell.page.keyboard.press('Shift+Tab')
  })
})

test('long code is folded, and opens by keyboard; in print and without scripts it is whole', async () => {
  const long = 'norm-cell:has(.cell-long)'
  const cut = (page: Page) =>
    page
      .locator(`${long} .cell-code`)
      .first()
      .evaluate((box) => box.firstElementChild!.getBoundingClientRect().height > box.clientHeight + 1)
  const page = await open('/variants/rms-norm/')
  expect(await cut(page)).toBe(true)
  await page.emulateMedia({ media: 'print' })
  expect(await cut(page)).toBe(false)
  await page.emulateMedia({ media: 'screen' })
  await page.getByLabel(/All \d+ lines/).press('Space')
  expect(await cut(page)).toBe(false)
  expect(await cut(await open('/variants/rms-norm/', { javaScriptEnabled: false }))).toBe(false)
})

test('a chart that gets a point every microsecond is drawn at most once a frame, in a part of it; progress shows', async () => {
  const cell = await openCell()
  const code = `import { chart, progress } from '@normlab/cell'
const wave = chart('wave')
for (let i = 0; i < 100_000; i++) {
  wave.add(i, { a: Math.sin(i / 5000), b: Math.cos(i / 5000) })
  if (i % 1000 === 0) { progress(i, 100_000); await new Promise((done) => setTimeout(done, 1)) }
}`
  // The first run loads the sandbox and the compiler.
  expect(await cell.runCode(code)).toMatch(/^Done/)
  const longest = await leastOf(50, async () => {
    const ended = await watchMainThread(cell.page)
    await cell.page.evaluate(() => {
      const seen = { drawn: 0, frames: 0, progress: 0 }
      Object.assign(window, { seen })
      const count = () => {
        seen.frames++
        if (document.querySelector<HTMLProgressElement>('.cell-progress:not([hidden])')?.value)
          seen.progress++
        requestAnimationFrame(count)
      }
      requestAnimationFrame(count)
      const box = document.querySelector('#shift-workedTable .cell-output')!
      // Each drawing puts in two layouts, in one change of what its holder holds.
      new MutationObserver((changes) => {
        seen.drawn += changes.filter(({ target }) => target !== box && target.parentNode === box).length
      }).observe(box, { childList: true, subtree: true })
    })
    expect(await cell.run()).toMatch(/^Done/)
    await expect.poll(() => cell.words()).toHaveLength(1)
    const seen = await cell.page.evaluate(() => Reflect.get(window, 'seen') as Record<string, number>)
    expect(seen['drawn']).toBeGreaterThan(2)
    expect(seen['drawn']).toBeLessThanOrEqual(seen['frames']!)
    expect(seen['progress']).toBeGreaterThan(0)
    return (await ended()).longest
  })
  console.log(
    `a live chart of 100,000 points: the main thread had at most ${longest.toFixed(0)} ms of work at once`,
  )
  expect(longest).toBeLessThan(50)
})
