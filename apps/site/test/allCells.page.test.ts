import { barHtml, inline, outputHtml } from '@normlab/cell/host'
import { beforeAll, describe, expect, test } from 'vitest'
import { sameText, TOLERANCE } from '../../../tools/cells/compare.ts'
import { cellFiles, recorded, sourceOf } from '../../../tools/cells/files.ts'
import { dataOf } from '../src/cells/data.ts'
import { useBrowser } from './browser.ts'
import { CellOnPage } from './cell.ts'

// Every cell in the browser, on the built packages, against what Node recorded. All on one page: a page each would take minutes.
const { open } = useBrowser()
type Words = Record<string, { wanted: string[]; got: string[]; said: string }>
const results: Words = {}
const idOf = (file: string) => file.replaceAll(/[^\w]+/g, '-')

beforeAll(async () => {
  const page = await open('/shift/')
  const library = await page
    .locator('.cell-data')
    .first()
    .evaluate((element) => JSON.parse(element.textContent!).library)
  for (const file of cellFiles()) {
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
    const wanted = await cell.words()
    const said = await cell.run()
    results[file] = { wanted, said, got: await cell.words() }
  }
}, 300_000)

describe('in the browser as in Node', () => {
  test.each(cellFiles())('%s', (file) => {
    const { wanted, got, said } = results[file]!
    expect(said, got.join('\n')).toMatch(/^Done/)
    expect(got).toHaveLength(wanted.length)
    const tolerance = recorded(file)!.tolerance ?? TOLERANCE
    for (const [i, words] of got.entries())
      expect(sameText(wanted[i]!, words, tolerance), `${wanted[i]} | ${words}`).toBe(true)
  })
})
