import { expect, test } from 'vitest'
import { finished, useBrowser } from './browser.ts'

const { open } = useBrowser()
const rows = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n')
const good = `x,y,kind\n${rows(80, (i) => `${Math.sin(i)},${Math.cos(i * 2)},${Math.sin(i) > 0 ? 'up' : 'down'}`)}`
const file = (text: string, name = 'table.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

test('a chosen file is trained on; its content is not in the address', async () => {
  const page = await open('/shift/?data=csv&depth=2&layer=2&width=8&unit=1&epochs=3')
  await page.setInputFiles('#shift-csv', file(good))
  const message = page.locator('[data-csv-message]')
  await expect
    .poll(() => message.textContent())
    .toContain('table.csv: 80 rows, 2 numeric columns, 2 classes (down, up).')
  expect(await page.locator('[data-notes]').isVisible()).toBe(false)
  await page.click('[data-act=run]')
  await finished(page)
  expect(await page.locator('[data-about=other]').textContent()).toContain('your CSV')
  expect(new URL(page.url()).search).toBe('?data=csv&depth=2&width=8&epochs=3&layer=2&unit=1')
  expect(page.errors).toEqual([])
})

test('a dropped file counts as chosen', async () => {
  const page = await open('/shift/')
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'dropped.csv'))
    return data
  }, good)
  await page.dispatchEvent('shift-lab', 'drop', { dataTransfer: transfer })
  await expect.poll(() => page.locator('[data-csv-message]').textContent()).toContain('dropped.csv: 80 rows')
  expect(await page.locator('[name=data]').inputValue()).toBe('csv')
})

test('what is wrong with a file is said, and the page goes on with the data that it had', async () => {
  const page = await open('/shift/')
  await page.selectOption('[name=data]', 'csv')
  const message = page.locator('[data-csv-message]')
  for (const [text, words] of [
    ['', 'The file is empty'],
    [good.replace('\n', '\n1,2\n'), 'Row 2 has 2 cells; the first row has 3.'],
    [`${good}\n1,two,up`, 'Row 82, column 2 (“y”) is not a number: “two”.'],
    ['\u0000PNG', 'This is a binary file'],
  ]) {
    await page.setInputFiles('#shift-csv', file(text))
    await expect.poll(() => message.textContent()).toContain(`table.csv: ${words}`)
    expect(await page.locator('#shift-csv').getAttribute('aria-invalid')).toBe('true')
  }
  await page.setInputFiles('#shift-csv', file(good))
  await expect.poll(() => message.textContent()).toContain('80 rows')
  expect(await page.locator('#shift-csv').getAttribute('aria-invalid')).toBe(null)
})
