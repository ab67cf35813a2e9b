/** `pnpm bench layers`: each side of each job in a process or a browser of its own, one after the other. */
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runInBrowser, stopBrowser } from './browser.ts'
import { BACKENDS, BROWSER_BACKENDS, layerJobs, type LayerJob, type Side } from './jobs.ts'
import type { Measured } from './measure.ts'
import { models } from './models.ts'
import { printLayer, printLayerTitle, type LayerRow } from './rows.ts'
import type { Order } from './order.ts'

interface Task {
  readonly title: string
  readonly backend: string
  readonly sides: readonly Side[]
  order(side: Side): Order
}

let running: ChildProcess | undefined
export const stopLayers = (): void => {
  running?.kill()
  stopBrowser()
}

const backendOf = (order: Order): string => ('job' in order ? order.job.backend : order.backend)
const run = (order: Order) =>
  BROWSER_BACKENDS.includes(backendOf(order)) ? runInBrowser(order) : runInNode(order)

function runInNode(order: Order): Promise<Measured | { failed: string }> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    running = child
    let answer: Measured | { failed: string } = { failed: 'the process ended without an answer' }
    child.once('message', (given: typeof answer) => (answer = given))
    child.once('exit', () => resolve(answer))
    child.send(order)
  })
}

const ofJob = (job: LayerJob): Task => ({
  title: `${job.layer} ${job.shape.join('x')}`,
  backend: job.backend,
  sides: job.sides,
  order: (side) => ({ job, side }),
})

function tasks(): Task[] {
  const here = [...BACKENDS, ...BROWSER_BACKENDS]
  const whole = Object.entries(models).flatMap(([model, { backends }]) =>
    backends
      .filter((backend) => here.includes(backend))
      .map((backend) => ({
        title: model,
        backend,
        sides: ['ours', 'composed', 'stock'] as const,
        order: (side: Side): Order => ({ model, backend, side }),
      })),
  )
  return [...layerJobs().map(ofJob), ...whole]
}

/** @param filter text that "title backend" must contain. @returns false where nothing does. */
export async function benchLayers(
  filter: string,
  save: (rows: readonly LayerRow[]) => void,
): Promise<boolean> {
  const chosen = tasks().filter(({ title, backend }) => `${title} ${backend}`.includes(filter))
  if (chosen.length === 0) return false
  const rows: LayerRow[] = []
  printLayerTitle()
  for (const [i, { title, backend, sides, order }] of chosen.entries()) {
    let ours: Measured | undefined
    for (const side of sides) {
      process.stderr.write(`[${i + 1}/${chosen.length}] ${title} ${backend}: ${side}\n`)
      const answer = await run(order(side))
      if ('failed' in answer) {
        console.log(`FAILED ${title} ${backend}, ${side}: ${answer.failed}`)
        continue
      }
      if (side === 'ours') ours = answer
      const times = (pass: 'step' | 'inference') => ours && answer[pass].ms / ours[pass].ms
      rows.push({
        title,
        backend,
        side,
        ...answer,
        ofOurs: { step: times('step'), inference: times('inference') },
      })
      printLayer(rows.at(-1)!)
      save(rows)
    }
  }
  return true
}
