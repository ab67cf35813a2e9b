// oxlint-disable-next-line import/no-unassigned-import -- registers the backend
import '@tensorflow/tfjs-backend-cpu'
import { moons, spirals } from '@normlab/docs/shift/experiment/data.ts'
import { trainPair, type Frame } from '@normlab/docs/shift/experiment/train.ts'
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core'
import type { StartMessage, WorkerMessage } from './messages.ts'

// The cpu backend: plain JavaScript, the same numbers everywhere. wasm was measured at 2.3 times its speed here, for a
// download of 137 kB more; thirty epochs of both networks take some seconds either way.

/** Milliseconds between moving frames. */
const EVERY = 60

const say = (message: WorkerMessage, buffers: ArrayBuffer[] = []) =>
  postMessage(message, { transfer: buffers })

/** The arrays are read afresh for every frame, so they may move to the page instead of being copied. */
function buffersOf(frame: Frame): ArrayBuffer[] {
  const arrays = [frame.without, frame.with].flatMap(({ values, weights = [] }) => [
    ...values.linear,
    ...values.pre,
    ...values.post,
    ...weights.flatMap(({ kernel, bias }) => [kernel, bias]),
  ])
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]
}

async function start({ run, csv }: StartMessage): Promise<void> {
  enableProdMode()
  await setBackend('cpu')
  say({ type: 'ready' })
  const data = run.data === 'csv' ? csv! : run.data === 'moons' ? moons(run.seed) : spirals(run.seed)
  await trainPair(run, data, {
    every: EVERY,
    onFrame: (frame) => say({ type: 'frame', frame }, buffersOf(frame)),
  })
  say({ type: 'done' })
}

addEventListener('message', ({ data }: MessageEvent<StartMessage>) => {
  start(data).catch((error: Error) => say({ type: 'failed', message: error.message }))
})
