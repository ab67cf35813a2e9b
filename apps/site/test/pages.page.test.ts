import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { cellFiles } from '../../../tools/cells/files.ts'
import { notes } from '../src/notes.ts'
import { violations } from './axe.ts'
import { layOutAll, useBrowser } from './browser.ts'
import { CellOnPage, differences, isOfNote } from './cell.ts'

// Every note, and one page of each other kind: for whom does not see it, on a phone, in the dark, before and after Run.
const { open } = useBrowser()
const others = [
  '/',
  '/gallery/',
  '/conventions/',
  '/variants/',
  '/variants/group-norm/',
  '/variants/dropout/',
]

/** As if the system changed its theme: a page that was opened in the dark differs in nothing else. */
async function darkness(page: Page, part?: string): Promise<string[]> {
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
  const found = await violations(page, { rules: ['color-contrast'], ...(part ? { part } : {}) })
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'))
  return found
}

const fileOf = (id: string) => `docs/${id.replace('-', '/cells/')}.ts`
const wide = { width: 1280, height: 900 }
const phone = { width: 320, height: 700 }
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

test.each([...notes.map(({ slug }) => `/${slug}/`), ...others])(
  '%s',
  async (path) => {
    const page = await open(path, { viewport: wide, colorScheme: 'light' })
    expect(await violations(page), 'light').toEqual([])
    expect(await darkness(page), 'dark').toEqual([])
    await page.setViewportSize(phone)
    // Cells that are far keep the height that they had on the wide page, and axe takes what follows for covered.
    await layOutAll(page)
    expect(await overflow(page), 'scrolls sideways at 320 px').toBe(0)
    // Code that scrolls now is told so when the page is idle, which it is not while axe looks.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('pre')].every(
        (pre) => pre.scrollWidth <= pre.clientWidth || !pre.tabIndex,
      ),
    )
    const onPhones = ['scrollable-region-focusable', 'target-size']
    expect(await violations(page, { rules: onPhones }), 'on a phone').toEqual([])

    const ids = await page.locator('norm-cell').evaluateAll((cells) => cells.map(({ id }) => id))
    const due = cellFiles().filter((file) => isOfNote(file) && file.startsWith(`docs${path}cells/`))
    if (due.length) expect(ids.map(fileOf).toSorted()).toEqual(due.toSorted())
    for (const id of ids) {
      const cell = new CellOnPage(page, id)
      // Variants' cells all run in allCells.page.test.ts.
      if (due.length) expect(await differences(cell, fileOf(id)), id).toEqual([])
      else expect(await cell.run(), id).toMatch(/^Done/)
    }
    if (!ids.length) return
    expect(await overflow(page), 'scrolls sideways after Run').toBe(0)
    // Nothing but cells has changed.
    expect(await violations(page, { part: 'norm-cell' }), 'on a phone after Run').toEqual([])
    expect(await darkness(page, '.cell-output'), 'dark after Run').toEqual([])
    expect(page.errors).toEqual([])
  },
  120_000,
)
