import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gallery } from '../../../packages/viz/test/gallery.ts'
import { TEXT } from '../src/build/fonts.ts'
import { keepForFonts, siteUrl, useBrowser } from './browser.ts'
import { differsFromKept } from './pictures.ts'

const { open } = useBrowser()

/**
 * A quarter of the size: the pictures stay small, and what browsers do differently in smoothing averages out. The text is
 * in the site's own fonts on every machine.
 */
const scale = 0.25

/** Text where its outlines say, and not where a screen's pixels would like it; and whole pixels at the edges. */
const exact = `
  * { text-rendering: geometricPrecision !important }
  section { margin: 0 !important; padding-bottom: 1rem !important }`

// Other systems smooth text in ways of their own.
test.skipIf(process.platform !== 'linux')(
  'every figure with its edge cases looks as it did, in light and dark (on Linux)',
  async () => {
    const page = await open('about:blank', {
      viewport: { width: 960, height: 900 },
      deviceScaleFactor: scale,
    })
    await keepForFonts(page)
    await page.goto(new URL('/gallery/', siteUrl).href)
    const names = await page.locator('section[id]').evaluateAll((sections) => sections.map(({ id }) => id))
    expect(names).toEqual(Object.keys(gallery))
    await page.evaluate(
      async ([css, has]) => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets.push(sheet)
        // Each figure by itself, in the corner: a taller neighbour would move it between the pixels.
        const sections = document.querySelectorAll('section[id]')
        document.body.replaceChildren(...sections)
        // Signs that the site's fonts lack come from whichever font a machine has: each is an o here.
        const texts = document.createNodeIterator(document.body, NodeFilter.SHOW_TEXT)
        for (let node = texts.nextNode(); node; node = texts.nextNode())
          node.textContent = Array.from(node.textContent!, (sign) => (has.includes(sign) ? sign : 'o')).join(
            '',
          )
        await document.fonts.ready
        for (const section of sections) section.toggleAttribute('hidden', true)
      },
      [exact, TEXT] as const,
    )
    await page.setViewportSize({ width: 960, height: 6000 })
    const differences: string[] = []
    for (const name of names) {
      const clip = await page.evaluate((id) => {
        const section = document.getElementById(id)!
        section.hidden = false
        const { x, y, width, height } = section.getBoundingClientRect()
        return { x, y, width, height: Math.ceil(height / 4) * 4 }
      }, name)
      expect(clip.height, `${name} is higher than the window`).toBeLessThan(6000)
      differences.push(differsFromKept(name, await page.screenshot({ clip })))
      await page.evaluate((id) => (document.getElementById(id)!.hidden = true), name)
    }
    expect(differences.filter(Boolean)).toEqual([])
    expect(page.errors).toEqual([])
  },
)

test('no picture is left of a figure that is gone', () => {
  const folder = join(import.meta.dirname, 'pictures')
  const pictures = readdirSync(folder).filter((file) => file.endsWith('.png'))
  expect(pictures.map((file) => file.replace('.png', '')).toSorted()).toEqual(Object.keys(gallery).toSorted())
})

test('neither readers nor search engines are led there', () => {
  const built = (file: string) => readFileSync(join(import.meta.dirname, '../dist', file), 'utf8')
  expect(built('gallery/index.html')).toContain('<meta name="robots" content="noindex"')
  expect(built('index.html')).not.toContain('"/gallery')
  expect(built('sitemap-0.xml')).toContain('/shift/')
  expect(built('sitemap-0.xml')).not.toContain('/gallery')
})
