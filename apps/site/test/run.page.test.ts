import { facts, recordedFinding } from './recorded.ts'
import { describe, expect, test } from 'vitest'
import { finished, runButton, startRun, stopButton, useBrowser } from './browser.ts'
import { leastOf, watchMainThread } from './mainThread.ts'

const { open } = useBrowser()
const quick = '/shift/?depth=2&layer=2&width=8&unit=1&epochs=6'

test('a run in the page: quick to move, the page stays free, and the recorded run comes out again', async () => {
  let page!: Awaited<ReturnType<typeof open>>
  const longest = await leastOf(50, async () => {
    page = await open('/shift/')
    const load = await watchMainThread(page)
    await startRun(page)
    const [ready, first] = await page.evaluate(() =>
      ['shift-ready', 'shift-first-frame'].map((name) => {
        const { startTime, detail } = performance.getEntriesByName(name)[0] as PerformanceMark
        return { at: startTime, step: detail as number }
      }),
    )
    // The figures do not wait for training: they have a picture before its first step.
    expect(first.step).toBe(0)
    await finished(page)
    const of = await load()
    console.log(`first frame ${Math.round(first.at - ready.at)} ms after tfjs is ready; ${of.frames} frames`)
    console.log(
      `longest task of the main thread: ${of.longest.toFixed(0)} ms of processor time, ${of.longestByClock.toFixed(0)} by the clock`,
    )
    expect(of.frames).toBeGreaterThan(20)
    expect(of.tasks).toBeGreaterThan(of.frames)
    return of.longest
  })
  expect(longest).toBeGreaterThan(1)
  expect(longest).toBeLessThan(50)
  for (const side of ['without', 'with'] as const)
    expect(await page.locator(`[data-caption=${side}]`).first().textContent()).toBe(recordedFinding(side))
  expect(await page.locator('[data-status]').textContent()).toContain(
    `Epoch ${facts.epochs} of ${facts.epochs}`,
  )
  expect(page.errors).toEqual([])
})

describe('Stop and Run again', () => {
  test('Stop ends the worker at once, and the figure stays', async () => {
    const page = await open('/shift/')
    await startRun(page)
    await page.waitForTimeout(300)
    expect(page.workers()).toHaveLength(1)
    // At once: before the page does anything else.
    const stopped = await page.evaluate(
      ([stop, run]) => {
        document.querySelector<HTMLElement>(stop)!.click()
        return !document.querySelector<HTMLElement>(run)!.hidden
      },
      [stopButton, runButton] as const,
    )
    expect(stopped).toBe(true)
    await expect.poll(() => page.workers().length).toBe(0)
    expect(await page.locator('[data-status]').textContent()).toMatch(/^Stopped\. Epoch \d+ of 30/)
    await page.waitForTimeout(200)
    const still = await page.locator('[data-panel=without]').first().innerHTML()
    await page.waitForTimeout(400)
    expect(await page.locator('[data-panel=without]').first().innerHTML()).toBe(still)
  })

  test('after a stop and after an end it runs again', async () => {
    const page = await open(quick.replace('epochs=6', 'epochs=100'))
    await startRun(page)
    await page.click(stopButton)
    await page.fill('[name=epochs]', '6')
    for (let time = 0; time < 2; time++) {
      await page.click(runButton)
      await finished(page)
    }
    expect(await page.locator('[data-status]').textContent()).toContain('Epoch 6 of 6')
    expect(page.errors).toEqual([])
  })

  test('leaving the page ends the worker', async () => {
    const page = await open('/shift/')
    await startRun(page)
    await page.evaluate(() => document.querySelector('shift-lab')!.remove())
    await expect.poll(() => page.workers().length).toBe(0)
  })
})

test('the same neuron, another layer and the network can be looked at during and after a run', async () => {
  const page = await open(quick)
  await startRun(page)
  const caption = page.locator('[data-caption=with]').first()
  await page.selectOption('[name=scope]', 'network')
  await expect.poll(() => caption.textContent()).toContain('the whole network')
  await finished(page)
  await page.selectOption('[name=scope]', 'layer')
  await expect.poll(() => caption.textContent()).toContain('of layer 2')
  await page.selectOption('[name=side]', 'post')
  await expect.poll(() => caption.textContent()).toContain('the activations of layer 2')
})

test('before any run, another neuron of the recorded run is shown', async () => {
  const page = await open('/shift/')
  await page.fill('[name=unit]', '3')
  await page.locator('[name=unit]').blur()
  await expect
    .poll(() => page.locator('[data-caption=without]').first().textContent())
    .toContain('neuron 3 of layer 5')
  expect(page.workers()).toHaveLength(0)
})

test('norm "none" gives two equal figures', async () => {
  const page = await open(`${quick}&norm=none`)
  await page.click(runButton)
  await finished(page)
  const captions = await page.locator('[data-caption]').allTextContents()
  const [without, withNorm] = captions
    .slice(0, 2)
    .map((text) => text.replace(/^With(out)? normalization/, ''))
  expect(without).toBe(withNorm)
})

test('a run that diverges says so and why, and the page lives on', async () => {
  const page = await open('/shift/?rate=10&epochs=4&depth=8&layer=8&norm=layer')
  await page.click(runButton)
  await finished(page)
  expect(await page.locator('[data-diverged]').textContent()).toMatch(
    /without normalization has diverged: its loss is not a number\. At learning rate 10/,
  )
  expect(await page.locator('[data-status]').textContent()).toContain('without: diverged')
  expect(page.errors).toEqual([])
})
