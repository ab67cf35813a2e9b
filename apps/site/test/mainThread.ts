import type { Page } from 'playwright'

/** Starts to watch; the function that it gives ends it and says what the main thread had to do. */
export async function watchMainThread(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
  }
  await page.evaluate(() => {
    const seen = { longTasks: [] as number[], frames: 0 }
    Object.assign(window, { seen })
    new PerformanceObserver((list) => {
      seen.longTasks.push(...list.getEntries().map(({ duration }) => duration))
    }).observe({ type: 'longtask' })
    new MutationObserver(() => seen.frames++).observe(document.querySelector('[data-panel=with]')!, {
      childList: true,
    })
  })
  const before = await busy()
  return async () => {
    const after = await busy()
    const seen = await page.evaluate(
      () => (window as unknown as { seen: { longTasks: number[]; frames: number } }).seen,
    )
    return { ...seen, perFrame: (after - before) / seen.frames }
  }
}
