import { describe, expect, test } from 'vitest'
import { useBrowser } from './browser.ts'

const { open } = useBrowser()
const value = (name: string) => `document.querySelector('[name=${name}]').value`

test('every choice goes into the address, and a reload brings it back', async () => {
  const page = await open('/shift/')
  await page.selectOption('[name=norm]', 'group')
  await page.fill('[name=rate]', '0.3')
  await page.locator('[name=rate]').blur()
  await page.selectOption('[name=scope]', 'layer')
  expect(new URL(page.url()).search).toBe('?norm=group&rate=0.3&scope=layer')
  await page.reload()
  expect(await page.evaluate(value('norm'))).toBe('group')
  expect(await page.evaluate(value('rate'))).toBe('0.3')
  expect(await page.locator('[name=unit]').isDisabled()).toBe(true)
  expect(await page.locator('[data-changed]').isVisible()).toBe(true)
  await page.click('[data-act=reset]')
  expect(new URL(page.url()).search).toBe('')
  expect(await page.evaluate(value('norm'))).toBe('batch')
})

test('back and forward', async () => {
  const page = await open('/shift/')
  await page.selectOption('[name=norm]', 'layer')
  await page.selectOption('[name=activation]', 'tanh')
  await page.goBack()
  expect(await page.evaluate(value('activation'))).toBe('relu')
  expect(await page.evaluate(value('norm'))).toBe('layer')
  await page.goBack()
  expect(await page.evaluate(value('norm'))).toBe('batch')
  await page.goForward()
  expect(await page.evaluate(value('norm'))).toBe('layer')
})

test('bad values in the address are refused with a note', async () => {
  const page = await open('/shift/?rate=fast&norm=%3Cb%3E&colour=red&depth=2')
  const notes = page.locator('[data-notes] p')
  expect(await notes.count()).toBe(4) // layer 5 is not there in a network of 2
  expect(await notes.first().textContent()).toContain('rate to “fast”')
  expect(await page.evaluate(value('rate'))).toBe('0.1')
  expect(await page.evaluate(value('depth'))).toBe('2')
  expect(page.errors).toEqual([])
})

test('a bad value in the form is refused at the field, and Run does not start', async () => {
  const page = await open('/shift/')
  await page.fill('[name=batch]', '1')
  await page.click('[data-act=run]')
  expect(await page.locator('#shift-batch-error').textContent()).toBe('Give a whole number from 2 to 256.')
  expect(await page.locator('[name=batch]').getAttribute('aria-invalid')).toBe('true')
  expect(await page.evaluate(() => document.activeElement!.getAttribute('name'))).toBe('batch')
  expect(page.workers()).toHaveLength(0)
})

describe('data=csv', () => {
  test('whoever opens such an address is told that the file stayed with its reader', async () => {
    const page = await open('/shift/?data=csv')
    expect(await page.locator('[data-notes]').textContent()).toContain('never left its reader’s machine')
    await page.click('[data-act=run]')
    expect(await page.locator('[data-csv-message]').textContent()).toBe(
      'Choose a CSV file first, or other data.',
    )
  })
})
