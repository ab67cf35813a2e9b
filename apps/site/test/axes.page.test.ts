import { expect, test } from 'vitest'
import { violations } from './axe.ts'
import { scriptBytes, useBrowser } from './browser.ts'

const { open } = useBrowser()
const block = 'axes-explorer norm-axes svg desc'

test('a variant, or any pattern, changes block, formula and numbers together, and the address', async () => {
  const page = await open('/axes/')
  const formula = page.locator('[data-formula]')
  await page.getByLabel('A variant').selectOption('batch-norm')
  await expect
    .poll(() => page.locator(block).textContent())
    .toContain('BatchNorm: each of the 6 (c) cells averages 12 values')
  expect(await page.getByLabel('Its pattern, or yours').inputValue()).toBe('n s c -> c')
  expect(await formula.locator('math').first().textContent()).toContain('∑n,s')
  await expect.poll(() => page.locator('[data-grid] svg desc').textContent()).toContain('6 cells of 12')
  expect(new URL(page.url()).searchParams.get('variant')).toBe('batch-norm')

  await page.getByLabel('Its pattern, or yours').fill('n h w (a b) -> n b')
  await expect.poll(() => page.locator(block).textContent()).toContain('(n, b) cells')
  expect(await page.getByLabel('A variant').inputValue()).toBe('')
  expect(await formula.locator('.normlab-axis').allTextContents()).toContain('h')
  await page.getByLabel('n, batch').fill('2')
  // Playwright hears of a replaced address later.
  await page.goto(await page.evaluate(() => location.href))
  await expect.poll(() => page.locator(block).textContent()).toContain('Each of the 2 ×')
  expect(await page.getByLabel('n, batch').inputValue()).toBe('2')
  expect(page.errors).toEqual([])
})

test('what does not parse has its message beside it, and the last good figure stays', async () => {
  const page = await open('/axes/')
  // Until the figure is live there are two, one for phones.
  await expect.poll(() => page.locator(block).count()).toBe(1)
  const before = await page.locator(block).textContent()
  const input = page.getByLabel('Its pattern, or yours')
  await input.fill('n s c')
  expect(await page.locator('#axes-pattern-error').textContent()).toContain('no arrow ->')
  expect(await input.getAttribute('aria-invalid')).toBe('true')
  expect(await page.locator(block).textContent()).toBe(before)
  await input.fill('n s (g k) -> n g')
  expect(await page.locator('#axes-pattern-error').textContent()).toBe('')
  await page.getByLabel('g of c').fill('4')
  expect(await page.locator('#axes-size-error').textContent()).toContain('g: 4 does not divide')
  expect(await page.getByLabel('g of c').getAttribute('aria-invalid')).toBe('true')
  await page.getByRole('button', { name: 'Start again' }).click()
  expect(await page.locator('#axes-size-error').textContent()).toBe('')
  expect(page.errors).toEqual([])
})

test('the keyboard moves the cell, in the block and in the numbers', async () => {
  const page = await open('/axes/')
  await page.locator('axes-explorer .normlab-plot').focus()
  await page.keyboard.press('ArrowRight')
  await expect
    .poll(() => page.locator('axes-explorer [role=status]').textContent())
    .toContain('Cell B (n = 0, g = 1)')
  await expect.poll(() => new URL(page.url()).searchParams.get('cell')).toBe('1')
  await expect.poll(() => page.locator('#axes-grid-title').count()).toBe(1)
})

test('a number of the table is compared down its column and along its row', async () => {
  const page = await open('/axes/')
  await page.getByLabel('x2 of B').fill('-100')
  await expect
    .poll(() => page.locator('[data-says]').textContent())
    .toMatch(/^x2 of B, -100, becomes −1\.00 .* and −1\.41/)
  expect(new URL(page.url()).searchParams.get('table')).toBe('1,2,30;3,-100,10')
  await page.reload()
  await expect.poll(() => page.getByLabel('x2 of B').inputValue()).toBe('-100')
  await page.getByLabel('Samples in the batch').selectOption('1')
  await expect.poll(() => page.locator('[data-way=batch] tbody').textContent()).toBe('A0.000.000.00')
})

test('without JavaScript the figures, the formula and the numbers stand there', async () => {
  const page = await open('/axes/', { javaScriptEnabled: false })
  const figures = page.locator(':is(axes-explorer, axes-table) .drawn > .wide')
  expect(await figures.count()).toBe(4)
  for (const figure of await figures.all()) expect(await figure.isVisible()).toBe(true)
  expect(await page.locator('[data-formula] math').count()).toBe(3)
  expect(await page.locator('axes-explorer form').isVisible()).toBe(false)
})

test('axe finds nothing in the explorer with an error, on a phone', async () => {
  const page = await open('/axes/', { viewport: { width: 340, height: 800 } })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(340)
  await page.getByLabel('Its pattern, or yours').fill('n s c')
  expect(await violations(page, { part: 'axes-explorer' })).toEqual([])
}, 60_000)

test('it loads at most 60 kB of script', async () => {
  const page = await open('/')
  const bytes = [...(await scriptBytes(page, '/axes/')).values()].reduce((a, b) => a + b, 0)
  console.info(`/axes/ loads ${(bytes / 1000).toFixed(1)} kB of script, gzip`)
  expect(bytes).toBeLessThanOrEqual(60_000)
})
