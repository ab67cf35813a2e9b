/** webgl and webgpu: each order in a Chromium of its own. */
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright'
import { browserArgs, getBrowser } from '../../browser.ts'
import type { Measured } from './measure.ts'
import type { Order } from './order.ts'

type Answer = Measured | { failed: string }

/** WebGPU wants a secure context, which localhost is. Nothing listens there: the page is answered from here. */
const ORIGIN = 'http://localhost'

let running: Browser | undefined
export const stopBrowser = (): void => void running?.close()

let bundle: Promise<string> | undefined
async function bundled(): Promise<string> {
  const made = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['@normlab/source'],
  })
  return made.outputFiles[0].text
}

export async function runInBrowser(order: Order): Promise<Answer> {
  const script = await (bundle ??= bundled())
  const executablePath = await getBrowser((line) => process.stderr.write(`${line}\n`))
  if (!executablePath) return { failed: 'no Chromium: name one in CHROMIUM_PATH' }
  const browser = (running = await chromium.launch({ executablePath, args: browserArgs }))
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await page.route(`${ORIGIN}/**`, (route) =>
      route.fulfill(
        route.request().url().endsWith('.js')
          ? { contentType: 'text/javascript', body: script }
          : { contentType: 'text/html', body: '<script type="module" src="/page.js"></script>' },
      ),
    )
    await page.goto(ORIGIN)
    await page.waitForFunction('globalThis.perform')
    return await page.evaluate(
      (given) => (globalThis as unknown as { perform(order: Order): Promise<Answer> }).perform(given),
      order,
    )
  } catch (error) {
    return { failed: String((error as Error).message ?? error) }
  } finally {
    await browser.close()
  }
}
