import { describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { finished, runButton, scriptBytes, useBrowser } from './browser.ts'

const { open } = useBrowser()

test('first load of /shift/: at most 60 kB of script, gzipped, before Run', async () => {
  const page = await open('about:blank')
  const sizes = await scriptBytes(page, '/shift/')
  const sum = [...sizes.values()].reduce((total, size) => total + size, 0)
  console.log(`first-load script of /shift/: ${(sum / 1000).toFixed(1)} kB gzip in ${sizes.size} parts`)
  expect(sizes.size).toBeGreaterThan(2)
  expect(sum).toBeLessThan(30_000)
  expect([...sizes.keys()].join(' ')).not.toMatch(/pagefind|worker/)
})

test('the search is loaded when it opens, and finds', async () => {
  const page = await open('/shift/')
  await page.click('site-search .open')
  await page.fill('#search-words', 'upstream')
  await expect.poll(() => page.locator('site-search ol a').count()).toBeGreaterThan(0)
  await page.keyboard.press('Escape') // empties the field, as search fields do
  await page.keyboard.press('Escape')
  expect(await page.locator('site-search dialog').isVisible()).toBe(false)
})

describe('without JavaScript', () => {
  test('figures and text are complete, controls are away', async () => {
    const page = await open('/shift/', { javaScriptEnabled: false })
    expect(await page.locator('shift-lab svg').count()).toBe(4) // two figures, for wide and narrow pages
    expect(await page.locator('shift-lab figcaption').isVisible()).toBe(true)
    expect(await page.locator('shift-lab :is(button, select, input, progress):visible').count()).toBe(0)
    expect(await page.locator('noscript').first().textContent()).toContain('needs JavaScript')
    expect(await page.locator('main figure').count()).toBeGreaterThan(6)
  })

  test.each([
    ['light', (sum: number) => sum > 600],
    ['dark', (sum: number) => sum < 150],
  ] as const)('the theme is the system’s: %s', async (colorScheme, fits) => {
    const page = await open('/shift/', { javaScriptEnabled: false, colorScheme })
    const colour = await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)
    const sum = colour
      .match(/[\d.]+/g)!
      .slice(0, 3)
      .map(Number)
      .reduce((a, b) => a + b, 0)
    expect(fits(sum), colour).toBe(true)
  })
})

test('by keyboard alone: Run, then Stop stands under the finger, then Run again', async () => {
  const page = await open('/shift/')
  await page.locator(runButton).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement!.getAttribute('data-act'))).toBe('stop')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement!.getAttribute('data-act'))).toBe('run')
  const order: string[] = []
  for (let i = 0; i < 5; i++) {
    await page.keyboard.press('Tab')
    order.push(await page.evaluate(() => document.activeElement!.getAttribute('name') ?? ''))
  }
  expect(order).toEqual(['scope', 'layer', 'unit', 'side', 'data'])
})

test('every control is labelled and at least 24 px high', async () => {
  const page = await open('/shift/?data=csv')
  for (const control of await page.locator('shift-lab :is(select, input, button):visible').all()) {
    expect((await control.boundingBox())!.height).toBeGreaterThanOrEqual(24)
    expect(
      await control.evaluate(
        (element) => (element as HTMLInputElement).labels?.length || element.textContent,
      ),
    ).toBeTruthy()
  }
})

test('during a run at 320 px nothing scrolls sideways either, and nothing is animated', async () => {
  const page = await open('/shift/?epochs=3', {
    viewport: { width: 320, height: 700 },
    reducedMotion: 'reduce',
  })
  await page.click(runButton)
  await finished(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
})

describe.each([
  ['light', {}],
  ['dark', { rules: ['color-contrast'] }],
] as const)('axe finds nothing, %s', (colorScheme, by) => {
  test('/shift/ after a run, with a refusal and a CSV error', async () => {
    const page = await open('/shift/?epochs=2&rate=fast&data=csv', { colorScheme })
    await page.setInputFiles('#shift-csv', { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('1') })
    await page.fill('[name=batch]', '1')
    await page.locator('[name=batch]').blur()
    await page.fill('[name=batch]', '32')
    await page.selectOption('[name=data]', 'moons')
    await page.click(runButton)
    await finished(page)
    await page.fill('[name=batch]', '1')
    await page.locator('[name=batch]').blur()
    expect(await violations(page, by)).toEqual([])
  })
})
