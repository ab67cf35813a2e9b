import { describe, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { CellOnPage, triedId as id, useCell } from './cell.ts'

const { openCell } = useCell()

describe('for everybody', () => {
  // Axe's rules but one know nothing of colours, and that one nothing of a page's width.
  const colours = { rules: ['color-contrast'] }
  const allElse = { but: ['color-contrast'] }
  test.each([
    ['light', 1280, {}],
    ['dark', 1280, colours],
    ['light', 320, allElse],
  ] as const)('axe finds nothing after Run and in the editor: %s, %d px', async (colorScheme, width, by) => {
    const cell = await openCell({ colorScheme, viewport: { width, height: 800 } })
    await new CellOnPage(cell.page, 'shift-watch').run()
    await cell.run()
    expect(await violations(cell.page, { part: `#${id}, #shift-watch`, ...by })).toEqual([])
    await cell.runCode(`import { param, table, chart } from '@normlab/cell'
param('n', 5, { min: 1, max: 9 }); param('m', 0.5, { min: 0, max: 1 }); param('on', true); param('word', 'a', { choices: ['a', 'b'] })
console.warn('careful'); console.error('bad'); console.debug('fine')
table([{ a: 1, b: 'two' }]); chart('loss').add(1, { a: 1 })
null.x`)
    expect(await violations(cell.page, { part: `#${id}, #shift-watch`, ...by })).toEqual([])
    expect(await cell.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    for (const button of await cell.root.locator(':is(button, input, select):visible').all())
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(16)
    expect(
      await cell.page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === Infinity).length,
      ),
    ).toBeLessThanOrEqual(1) // the cursor
  })

  test('without JavaScript: code and recorded output, no buttons', async () => {
    const cell = await openCell({ javaScriptEnabled: false })
    expect(await cell.root.locator('.cell-code pre').textContent()).toContain('export const parts')
    // What is far away is not laid out, and has no innerText.
    expect(await cell.root.locator('.cell-output').textContent()).toContain('ownFirst: -0.5')
    expect(await cell.root.locator(':is(button, input):visible').count()).toBe(0)
  })

  test('in print: code and output, no buttons', async () => {
    const cell = await openCell()
    await cell.run()
    await cell.page.emulateMedia({ media: 'print' })
    expect(await cell.root.locator('.cell-code').isVisible()).toBe(true)
    expect(await cell.output()).toContain('ownFirst')
    expect(await cell.root.locator('button:visible').count()).toBe(0)
  })
})
