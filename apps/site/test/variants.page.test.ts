import { variants } from '@normlab/core'
import { expect, test } from 'vitest'
import { useBrowser } from './browser.ts'
import { entries } from '../src/variants/entry.ts'

const { open } = useBrowser()

test('the list shows every variant of core, each with its figure and a page that is there', async () => {
  const page = await open('/variants/')
  const names = await page.locator('[data-families] .members a').allTextContents()
  expect(names.toSorted()).toEqual(variants.map(({ name }) => name).toSorted())
  for (const { slug, name, pattern } of entries) {
    const answer = await page.request.get(new URL(`/variants/${slug}/`, page.url()).href)
    expect(answer.status(), name).toBe(200)
    const html = (await answer.text()).replaceAll('\u00AD', '') // a heading may break between its words
    expect(html).toContain(`>${name}</h1>`)
    expect(html).toContain('<math')
    if (pattern) expect(html).toContain(`id="axes-${slug}-640-`)
    expect(html, `${name} has its cell`).toMatch(/<norm-cell[\s\S]*class="cell-figure"/)
  }
})

test('the list is filtered and sorted, and the address says how', async () => {
  const page = await open('/variants/')
  const shown = page.locator('[data-flat] > :not([hidden]) a')
  await page.getByLabel('Order').selectOption('newest')
  const years = await page.locator('[data-flat] .year').allTextContents()
  expect(years).toHaveLength(variants.length)
  expect(years).toEqual(years.toSorted((a, b) => Number(b) - Number(a)))
  await page.getByLabel('Shipped by').selectOption('mlx')
  expect((await shown.allTextContents()).toSorted()).toEqual(
    entries
      .filter(({ sold }) => sold.some(({ framework }) => framework === 'MLX'))
      .map(({ name }) => name)
      .toSorted(),
  )
  await page.getByLabel('Find').fill('group')
  expect(await shown.allTextContents()).toEqual(['GroupNorm'])
  expect(new URL(page.url()).search).toBe('?find=group&ships=mlx&sort=newest')
  await page.reload()
  expect(await shown.allTextContents()).toEqual(['GroupNorm'])
  expect(await page.locator('output').textContent()).toBe(`1 of ${variants.length} variants`)
  await page.getByRole('button', { name: 'Show all' }).click()
  // The form is empty one turn after its reset.
  await expect.poll(() => page.locator('[data-families] .members a:visible').count()).toBe(variants.length)
})
