import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MATH, TEXT } from '../src/build/fonts.ts'
import { keepForFonts, siteUrl, useBrowser } from './browser.ts'

const { open } = useBrowser()

const pages = globSync('dist/**/*.html', { cwd: join(import.meta.dirname, '..') }).map((file) =>
  readFileSync(join(import.meta.dirname, '..', file), 'utf8'),
)
const all = pages.join('')
const formulas = all.match(/<math\b.*?<\/math>/gs) ?? []
const texts = all.split(/<math\b.*?<\/math>|<script\b.*?<\/script>|<style\b.*?<\/style>/s)

/**
 * For any font of the machine: signs that the fonts' makers have not drawn, the accent of x\u0302, which one font has to draw
 * with its letter; and what stands for a line's end in a copy button.
 */
const ANY = '\n✓◆\u0302\u007f'

test.each([
  ['text', texts, TEXT],
  ['formulas', formulas, MATH],
])('%s: pages have no sign but those that the fonts are made of', (_, parts, has) => {
  expect(parts.length).toBeGreaterThan(10)
  const used = new Set(parts.join(''))
  expect([...used].filter((sign) => !has.includes(sign) && !ANY.includes(sign))).toEqual([])
})

test.each([
  ['var(--serif)', TEXT],
  ['var(--sans)', TEXT],
  ['var(--mono)', TEXT],
  ["'STIX Two Math'", MATH],
])('%s: a browser takes no sign from a font of the machine', async (family, signs) => {
  const page = await open('about:blank')
  await keepForFonts(page)
  await page.goto(siteUrl)
  const unseen = /[\s\u00ad\u2061-\u2064\p{M}]/u
  const each = [...signs].filter((sign) => !unseen.test(sign))
  await page.evaluate(
    async ([font, letters]) => {
      const spans = letters.map((letter) =>
        Object.assign(document.createElement('span'), { textContent: letter }),
      )
      document.body.replaceChildren(...spans)
      document.body.style.fontFamily = font
      await document.fonts.ready
    },
    [family, each] as const,
  )
  const client = await page.context().newCDPSession(page)
  await client.send('DOM.enable')
  await client.send('CSS.enable')
  const { root } = await client.send('DOM.getDocument')
  const { nodeIds } = await client.send('DOM.querySelectorAll', {
    nodeId: root.nodeId,
    selector: 'body > span',
  })
  const foreign: string[] = []
  for (const [i, nodeId] of nodeIds.entries()) {
    const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId })
    if (!fonts.length || fonts.some(({ isCustomFont }) => !isCustomFont))
      foreign.push(`${each[i]} ${fonts.map(({ familyName }) => familyName).join()}`)
  }
  expect(nodeIds).toHaveLength(each.length)
  expect(foreign).toEqual([])
})
