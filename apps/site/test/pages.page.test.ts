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

const fileOf = (id: string) => `docs/${id.replace('-', '/cells/')}.ts`
const wide = { width: 1280, height: 900 }
const phone = { width: 320, height: 700 }
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

test.each([...notes.map(({ slug }) => `/${slug}/`), ...others])(
  '%s',
  async (path) => {
    const page = await open(path, { viewport: wide, colorScheme: 'light' })
    expect(await violations(page), 'light').toEqual([])

    await page.setViewportSize(phone)
    // Cells that are far keep the height that they had on the wide page, and axe takes what follows for covered.
    await layOutAll(page)
    expect(await overflow(page), 'scrolls sideways at 320 px').toBe(0)
    const ids = await page.locator('norm-cell').evaluateAll((cells) => cells.map(({ id }) => id))
    const due = cellFiles().filter((file) => isOfNote(file) && file.startsWith(`docs${path}cells/`))
    if (due.length) expect(ids.map(fileOf).toSorted()).toEqual(due.toSorted())
    for (const id of ids) {
      const cell = new CellOnPage(page, id)
      // Variants' cells all run in allCells.page.test.ts.
      if (due.length) expect(await differences(cell, fileOf(id)), id).toEqual([])
      else expect(await cell.run(), id).toMatch(/^Done/)
    }
    expect(await overflow(page), 'scrolls sideways after Run').toBe(0)

    // Code that scrolls now is told so when the page is idle, which it is not while axe looks.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('pre')].every(
        (pre) => pre.scrollWidth <= pre.clientWidth || !pre.tabIndex,
      ),
    )
    // What a run puts in has the colours of what was recorded.
    const onPhones = { but: ['color-contrast'], also: ['target-size'] }
    expect(await violations(page, onPhones), 'on a phone, after Run').toEqual([])

    // As if the system changed its theme: a page that was opened in the dark differs in nothing else.
    await page.setViewportSize(wide)
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
    expect(await violations(page, { rules: ['color-contrast'] }), 'dark').toEqual([])
    expect(page.errors).toEqual([])
  },
  120_000,
)
