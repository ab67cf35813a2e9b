import { expect, test } from 'vitest'
import { useBrowser } from './browser.ts'

const { open } = useBrowser()
const finding = 'activation-tap [data-finding]'

test('a tap, an arrow key, a function and a place of BatchNorm change both sides and the address', async () => {
  const page = await open('/activations/')
  const says = (words: string) => expect.poll(() => page.locator(finding).textContent()).toContain(words)
  // The radio lies over its box, and a tap anywhere in the box is one on it.
  await page.locator('[name=tap][value="2.1"]').click()
  await says('Hidden 2, unit 2 is dead')
  await page.keyboard.press('ArrowDown')
  await says('Hidden 2, unit 3: ReLU turns')
  await page.locator('#tap-place').selectOption('before')
  await expect.poll(() => page.locator('[data-numbers] tr').count()).toBe(3)
  await page.locator('#tap-activation').selectOption('tanh')
  await says('tanh maps')
  await page.locator('[name=tap][value="1.4"]').check()
  await says('Hidden 1, unit 5')
  const query = new URL(page.url()).searchParams
  expect(Object.fromEntries(query)).toEqual({ tap: '1.5', f: 'tanh', bn: 'before' })
  const said = await page.locator(finding).textContent()
  await page.reload()
  await says(said!)
  expect(await page.locator('[name=tap][value="1.4"]').isChecked()).toBe(true)

  // Train plays the run from where it stands to its end.
  await page.locator('#tap-step').fill('250')
  await page.getByRole('button', { name: 'Train' }).click()
  await expect.poll(() => page.locator('[data-step]').textContent(), { timeout: 10_000 }).toBe('300')
  await expect.poll(() => page.getByRole('button', { name: 'Train' }).count()).toBe(1)
  expect(new URL(page.url()).searchParams.get('steps')).toBe('300')
  expect(page.errors).toEqual([])
})

test('boxes stay under their controls when BatchNorm makes them wider, and at any width', async () => {
  const page = await open('/activations/?bn=after', { viewport: { width: 340, height: 800 } })
  await expect.poll(() => page.locator('[data-network] svg pattern').count()).toBe(1)
  await expect.poll(() => page.locator('[data-numbers] tr').count()).toBe(3)
  const outlines = await page
    .locator('[data-network] rect[rx="3"][fill="none"]')
    .evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().toJSON()))
  const controls = await page
    .locator('[data-box]')
    .evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().toJSON()))
  expect(controls).toHaveLength(13)
  for (const [i, { x, y, width, height }] of controls.entries())
    for (const [side, value] of Object.entries({ x, y, width, height }))
      expect(Math.abs(value - outlines[i][side]), `${i} ${side}`).toBeLessThan(2.5)
})

test('without JavaScript one unit’s two sides and its numbers stand there', async () => {
  const page = await open('/activations/', { javaScriptEnabled: false })
  expect(await page.locator('[data-histograms] .wide svg').isVisible()).toBe(true)
  expect(await page.locator(finding).textContent()).toContain('Hidden 2, unit 3: ReLU turns 39%')
  expect(await page.locator('activation-tap :is(form, fieldset)').first().isVisible()).toBe(false)
  expect(await page.locator('[data-numbers] tr').count()).toBe(2)
})

test('who wants no motion sees the end of the training at once', async () => {
  const page = await open('/activations/', { reducedMotion: 'reduce' })
  await page.locator('#tap-step').fill('50')
  await page.getByRole('button', { name: 'Train' }).click()
  expect(await page.locator('[data-step]').textContent()).toBe('300')
  expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0)
})
