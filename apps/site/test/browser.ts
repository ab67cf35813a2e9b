import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type BrowserContextOptions, type Page, type Response } from 'playwright'
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest'
import { browserArgs } from '../../../tools/browser.ts'
import type {} from '../../../tools/vitest/servePages.ts'

export const siteUrl = inject('siteUrl')

/** A Chromium for the tests of one file. `open` gives a page of its own, and fails the test on an error in it. */
export function useBrowser() {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('browserPath'), args: browserArgs })
  })
  afterAll(() => browser.close())
  return {
    async open(path: string, options: BrowserContextOptions = {}): Promise<Page & { errors: string[] }> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      try {
        onTestFinished(() => context.close())
      } catch {
        // Opened before all tests: it stays for all of them.
      }
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      await page.goto(new URL(path, siteUrl).href, { waitUntil: 'networkidle' })
      return Object.assign(page, { errors })
    },
  }
}

/** Every cell, and not those that are near alone. */
export const layOutAll = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('norm-cell { content-visibility: visible !important }')
    document.adoptedStyleSheets.push(sheet)
  })

/** Readers keep the letters that a page began with; with this every font is waited for. Call it before `goto`. */
export const keepForFonts = (page: Page): Promise<unknown> =>
  page.route('**/*.css', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replaceAll(/font-display: ?optional/g, 'font-display:block'),
    })
  })

/** Gzipped bytes of every script that the page loads, inline ones among them; call before `goto`. */
export async function scriptBytes(page: Page, path: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  const pending: Promise<void>[] = []
  const hear = (response: Response) => {
    if (response.request().resourceType() !== 'script' || response.status() >= 300) return // a redirect has no body
    const size = response
      .body()
      .then((body) => void sizes.set(new URL(response.url()).pathname, gzipSync(body).length))
    pending.push(size)
  }
  page.on('response', hear)
  await page.goto(new URL(path, siteUrl).href, { waitUntil: 'networkidle' })
  await page.waitForTimeout(1500) // what is loaded at idle counts
  page.off('response', hear)
  await Promise.all(pending)
  const inline = await page.locator('script:not([src])').allTextContents()
  sizes.set('(inline)', gzipSync(inline.join('\n')).length)
  return sizes
}

export const runButton = '[data-act=run]'
export const stopButton = '[data-act=stop]'

/** Presses Run and waits for the first moving frame. */
export async function startRun(page: Page): Promise<void> {
  await page.click(runButton)
  await page.waitForFunction(() => performance.getEntriesByName('shift-first-frame').length > 0)
}

/** Waits until the run has ended by itself. */
export const finished = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector('[data-status]')!.textContent!.startsWith('Done'), null, {
    timeout: 55_000,
  })
