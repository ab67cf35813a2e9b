import { describe, expect, test } from 'vitest'
import { sourceOf } from '../../../tools/cells/files.ts'
import { CellOnPage, triedId as id, triedPath as path, useCell } from './cell.ts'

const { open, openCell } = useCell()

describe('Share', () => {
  const shared = async (code: string) => {
    const cell = await openCell({ permissions: ['clipboard-read', 'clipboard-write'] })
    await cell.write(code)
    await cell.press('share')
    await expect.poll(() => cell.status()).toContain('link is copied')
    return cell.page.evaluate(() => navigator.clipboard.readText())
  }

  test('the link holds code and parameters alone; it brings them, runs nothing, and says where they come from', async () => {
    const code =
      "import { param } from '@normlab/cell'\nconsole.log('ran é 👍', param('n', 1, { min: 1, max: 5 }))"
    const url = await shared(code)
    expect(new URL(url).search).toBe('')
    const hash = new URLSearchParams(new URL(url).hash.slice(1))
    expect([...hash.keys()].filter(Boolean)).toEqual(['cell', 'code'])
    const page = await open(url)
    const cell = new CellOnPage(page, id)
    await cell.root.locator('.cm-content').waitFor()
    expect(await cell.root.locator('.cell-origin').textContent()).toContain('came with a link')
    expect(await cell.root.locator('.cm-content').innerText()).toBe(code)
    await page.waitForTimeout(300)
    expect(page.workers()).toHaveLength(0)
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await cell.output()).toBe('')
    expect(await cell.run()).toMatch(/^Done/)
    expect(await cell.output()).toBe('ran é 👍 1')
    await cell.press('reset')
    expect(await cell.root.locator('.cell-origin').count()).toBe(0)
    expect(new URL(page.url()).hash).toBe('')
  })

  test('a link’s parameters reach edited code, which alone knows them', async () => {
    const code = "import { param } from '@normlab/cell'\nconsole.log(param('n', 1, { min: 1, max: 5 }))"
    const page = await open(`${await shared(code)}&p.n=4&p.m=7&`)
    const cell = new CellOnPage(page, id)
    await cell.root.locator('.cm-content').waitFor()
    expect(await cell.run()).toMatch(/^Done/)
    expect(await cell.output()).toBe('4')
    expect(await cell.root.locator('[name=n]').inputValue()).toBe('4')
  })

  test('an unedited cell is shared without code', async () => {
    const cell = await openCell({ permissions: ['clipboard-read', 'clipboard-write'] })
    await cell.press('share')
    await expect.poll(() => new URL(cell.page.url()).hash).toBe(`#cell=${id}&`)
  })

  test('a damaged link says so, and leaves the cell as it was written', async () => {
    const page = await open(path)
    for (const rest of ['code=%00', 'code=AAAA', 'code=_', 'p.n=9&code=!!']) {
      await page.evaluate((hash) => (location.hash = hash), `cell=${id}&${rest}`)
      await expect.poll(() => page.locator(`#${id} .cell-origin`).textContent()).toContain('damaged')
      await page.locator(`#${id} [data-cell-act=reset]`).click()
    }
    expect(page.errors).toEqual([])
  })
})

test('Copy takes the code that stands there', async () => {
  const cell = await openCell({ permissions: ['clipboard-read', 'clipboard-write'] })
  const copied = async () => {
    await cell.press('copy')
    await expect.poll(() => cell.status()).toBe('Copied.')
    return cell.page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copied()).toBe(sourceOf('docs/shift/cells/workedTable.ts').trimEnd())
  await cell.write('const mine = 1')
  expect(await copied()).toBe('const mine = 1')
})
