import { barHtml, inline, outputHtml } from '@normlab/cell/host'
import { beforeAll, describe, expect, test } from 'vitest'
import { cellFiles, recorded, sourceOf } from '../../../tools/cells/files.ts'
import { dataOf } from '../src/cells/data.ts'
import { useBrowser } from './browser.ts'
import { CellOnPage, differences, isOfNote } from './cell.ts'

// Every cell in the browser, on the built packages, against what Node recorded. Those of the notes run on their pages
// (pages.page.test.ts); the others on one page: a page each would take minutes.
const { open } = useBrowser()
const results: Record<string, string[]> = {}
const files = cellFiles().filter((file) => !isOfNote(file))
const idOf = (file: string) => file.replaceAll(/[^\w]+/g, '-')

beforeAll(async () => {
  const page = await open('/shift/')
  const library = await page
    .locator('.cell-data')
    .first()
    .evaluate((element) => JSON.parse(element.textContent!).library)
  for (const file of files) {
    const { outputs, values, params } = recorded(file)!
    const html = outputHtml(outputs, values, { id: 'recorded', figure: inline })
    const json = JSON.stringify({ ...dataOf(file, sourceOf(file)), params, library }).replaceAll(
      '<',
      '\\u003c',
    )
    const markup =
      `<norm-cell id="${idOf(file)}"><pre class="cell-code"></pre>${barHtml(params, '')}` +
      `<div class="cell-output">${html}</div><script type="application/json" class="cell-data">${json}</script></norm-cell>`
    await page.locator('main').evaluate((main, all) => {
      main.innerHTML = all
    }, markup)
    const cell = new CellOnPage(page, idOf(file))
    results[file] = await differences(cell, file)
  }
}, 300_000)

describe('in the browser as in Node', () => {
  test.each(files)('%s', (file) => expect(results[file]).toEqual([]))
})
