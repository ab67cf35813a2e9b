/** The sandboxed frame: makes blobs of what the page hands in, starts a worker for each run, ends it. It shows nothing. */
import type { FromFrame, LibraryFile, Supply, ToFrame } from './protocol.ts'

/** Put in by the build: the worker's code, because a frame of opaque origin can load a worker from a blob alone. */
declare const WORKER_SOURCE: string

/** Messages of one worker within a second; more would keep the page from its own work. */
const MOST_MESSAGES = 300

const urls = new Map<string, string>()
const workerUrl = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }))
let worker: Worker | undefined
let page: MessagePort

const say = (message: FromFrame) => page.postMessage(message)

function stop(): void {
  worker?.terminate()
  worker = undefined
}

/** One file of the library as a blob, with the names in it replaced by blobs. What it imports must be there already. */
async function add({ file, content, imports }: LibraryFile): Promise<void> {
  if (urls.has(file)) return
  if (file.endsWith('.wasm'))
    return void urls.set(file, URL.createObjectURL(new Blob([content], { type: 'application/wasm' })))
  let text = await content.text()
  // A name holds a hash of its content, so it stands for nothing else.
  for (const name of imports) text = text.replaceAll(`./${name}`, urls.get(name)!)
  const blob = new Blob([text, `\n//# sourceURL=${file}`], { type: 'text/javascript' })
  urls.set(file, URL.createObjectURL(blob))
}

async function supply({ files, names }: Supply): Promise<void> {
  for (const file of files) await add(file)
  const entries = Object.entries(names).map(([name, file]) => [name, urls.get(file)!] as const)
  const isWasm = ([name]: readonly [string, string]) => name.endsWith('.wasm')
  worker?.postMessage({
    urls: Object.fromEntries(entries.filter((entry) => !isWasm(entry))),
    wasm: Object.fromEntries(entries.filter(isWasm)),
  })
}

function start(order: ToFrame): void {
  stop()
  const mine = new Worker(workerUrl, { name: 'cell' })
  worker = mine
  let [count, since] = [0, performance.now()]
  const fail = (message: string) => {
    if (worker !== mine) return
    stop()
    say({ type: 'failed', failure: { name: 'Error', message } })
  }
  mine.addEventListener('error', (event) => fail(event.message || 'the cell could not go on'))
  mine.addEventListener('messageerror', () => fail('the cell sent what cannot be read'))
  mine.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => {
    if (worker !== mine) return
    const now = performance.now()
    if (now - since > 1000) [count, since] = [0, now]
    if (++count > MOST_MESSAGES) return fail('the cell put out more than a page can show')
    say(data)
  })
  mine.postMessage(JSON.stringify(order))
}

function receive(message: ToFrame): void {
  if (message.type === 'supply') void supply(message)
  else start(message)
}

// In a frame of its own origin alone: opened in any other way, it does nothing.
if (self.origin === 'null')
  addEventListener('message', function first({ source, ports }: MessageEvent) {
    if (source !== parent || !ports[0]) return
    removeEventListener('message', first)
    page = ports[0]
    page.addEventListener('message', ({ data }: MessageEvent<ToFrame>) => receive(data))
    page.start()
    say({ type: 'ready' })
  })
