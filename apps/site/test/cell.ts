import type { BrowserContextOptions, Locator, Page } from 'playwright'
import { sameText, TOLERANCE } from '../../../tools/cells/compare.ts'
import { recorded } from '../../../tools/cells/files.ts'
import { useBrowser } from './browser.ts'

/** Those of a note stand on its page, each to be run (notes.test.ts), with the id `note-name`; variants have theirs apart. */
export const isOfNote = (file: string): boolean => !file.startsWith('docs/variants/')

/** Runs it, and tells where it ended otherwise or what it printed is not what Node recorded. */
export async function differences(cell: CellOnPage, file: string): Promise<string[]> {
  const wanted = await cell.words()
  const said = await cell.run()
  const got = await cell.words()
  if (!said.startsWith('Done')) return [said, ...got]
  if (got.length !== wanted.length) return [`${wanted.length} outputs were recorded, here are ${got.length}`]
  const tolerance = recorded(file)!.tolerance ?? TOLERANCE
  return got.flatMap((words, i) =>
    sameText(wanted[i]!, words, tolerance) ? [] : [`${wanted[i]} | ${words}`],
  )
}

/** A cell of a page, as a reader uses it. */
export class CellOnPage<P extends Page = Page> {
  readonly root: Locator
  readonly page: P
  readonly id: string

  constructor(page: P, id: string) {
    this.page = page
    this.id = id
    this.root = page.locator(`#${id}`)
  }

  /** By keyboard: where a cell further up changes its height meanwhile, a mouse's button goes up beside what it went down on. */
  async press(act: string): Promise<void> {
    const button = this.root.locator(`[data-cell-act=${act}]`)
    await button.waitFor()
    await button.press('Enter')
  }

  status = async (): Promise<string> => (await this.root.locator('.cell-status').textContent()) ?? ''
  output = (): Promise<string> => this.root.locator('.cell-output').innerText()

  async ended(timeout = 30_000): Promise<string> {
    const ending = /^(Done|Failed|Stopped)/
    await this.root
      .locator('.cell-status')
      .filter({ hasText: ending })
      .waitFor({ state: 'attached', timeout })
      .catch(async () => Promise.reject(new Error(`not ended after ${timeout} ms: ${await this.status()}`)))
    return this.status()
  }

  /** Waits until the cell has put out these words. */
  said = (words: string): Promise<void> =>
    this.root.locator('.cell-output').getByText(words).first().waitFor()

  async run(): Promise<string> {
    // One that belongs to an exercise's answer is folded away.
    await this.root.evaluate((cell) => cell.closest('details')?.setAttribute('open', ''))
    await this.press('run')
    return this.ended()
  }

  /** Opens the editor, where it is not open, and puts the code into it. */
  async write(code: string): Promise<void> {
    const content = this.root.locator('.cm-content')
    if ((await content.count()) === 0) await this.press('edit')
    await content.click()
    await this.page.keyboard.press('ControlOrMeta+A')
    await this.page.keyboard.insertText(code)
  }

  async runCode(code: string): Promise<string> {
    await this.write(code)
    return this.run()
  }

  /** What stands under the cell, in words, one an output; of figures their titles. */
  words(): Promise<string[]> {
    return this.root.locator('.cell-output').evaluate((box) => {
      const wanted = '.cell-log, .cell-claim, table, .cell-wide > *, .cell-fixed > *, .cell-note'
      return [...box.querySelectorAll(wanted)].map((element) => {
        if (element instanceof HTMLImageElement) return element.alt
        const above = element.querySelector('a')?.hash
        const figure = above ? document.querySelector(`${above} :is(.cell-wide, .cell-fixed) > *`)! : element
        if (figure.localName !== 'svg') return figure.textContent!
        return [...figure.querySelectorAll(':scope > :is(title, desc)')]
          .map((each) => each.textContent)
          .join(' ')
      })
    })
  }
}

/** The cell that is tried out where any would do. */
export const [triedPath, triedId] = ['/shift/', 'shift-workedTable']

/** `useBrowser`, and that cell on a page of its own. */
export function useCell() {
  const { open } = useBrowser()
  const openCell = async (options: BrowserContextOptions = {}) =>
    new CellOnPage(await open(triedPath, options), triedId)
  return { open, openCell }
}
