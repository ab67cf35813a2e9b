import { variants } from '@normlab/core'
import { expect, test } from 'vitest'
import { useBrowser } from './browser.ts'
import { entries } from '../src/variants/entry.ts'

const { open } = useBrowser()

test('the list shows every variant of core, each with its figure and a page that is there', async () => {
  const page = await open('/variants/')
  const names = await page.locator('.members a').allTextContents()
  expect(names.toSorted()).toEqual(variants.map(({ name }) => name).toSorted())
  for (const { slug, name, pattern } of entries) {
    const answer = await page.request.get(new URL(`/variants/${slug}/`, page.url()).href)
    expect(answer.status(), name).toBe(200)
    const html = (await answer.text()).replaceAll('\u00AD', '') // a heading may break between its words
    expect(html).toContain(`>${name}</h1>`)
    expect(html).toContain('<math')
    if (pattern) expect(html).toContain(`id="axes-${slug}-640-`)
  }
})
