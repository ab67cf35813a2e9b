import { expect, test } from 'vitest'
import { layOutAll, useBrowser } from './browser.ts'

const { open } = useBrowser()

test.each([
  ['wide', 1280],
  ['narrow', 360],
])('cells are as high as the page leaves room for: %s', async (name, width) => {
  const page = await open('/scaling/', { viewport: { width, height: 900 } })
  await layOutAll(page)
  const heights = await page.evaluate((property) => {
    for (const answer of document.querySelectorAll('details')) answer.open = true
    return [...document.querySelectorAll<HTMLElement>('norm-cell')].map((cell) => ({
      id: cell.id,
      room: Number.parseFloat(cell.style.getPropertyValue(property)),
      height: cell.offsetHeight,
    }))
  }, `--${name}`)
  expect(heights.length).toBeGreaterThan(5)
  const ratios = heights.map(({ id, room, height }) => ({ id, ratio: room / height }))
  expect(ratios.filter(({ ratio }) => !(ratio > 0.8 && ratio < 1.6))).toEqual([])
})
