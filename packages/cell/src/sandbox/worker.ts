/** Runs one cell, once: a classic worker in a frame of opaque origin, whose policy lets it reach blobs and nothing else. */
import { setHost } from '../current.ts'
import { seedRandom } from '../host/random.ts'
import { valuesOf } from '../host/values.ts'
import type * as Compiler from './compiler.ts'
import { hostOf, OutputQueue, takeConsole } from './output.ts'
import { apply } from './apply.ts'
import {
  CHECKER,
  COMPILER,
  type CheckOrder,
  type Failure,
  type ImportAt,
  type Place,
  type RunOrder,
} from './protocol.ts'

interface Checker {
  default: (source: string, names: Readonly<Record<string, string>>) => Failure[]
}

/** The worker's half of the protocol: the frame has made blobs of the files. */
export interface Supplied {
  readonly urls: Readonly<Record<string, string>>
  /** tfjs's binaries by the names that it asks for. */
  readonly wasm: Readonly<Record<string, string>>
}

// Taken before any code of a reader runs: later these names may mean anything.
const NAME = 'cell.ts'
const send = self.postMessage.bind(self)
const { parse, stringify } = JSON
const clock = performance.now.bind(performance)
const makeBlob = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
const [scope, close] = [self, self.close.bind(self)]

let answer: (supplied: Supplied) => void = () => undefined
const ask = (names: readonly string[]) =>
  new Promise<Supplied>((resolve) => {
    answer = resolve
    send({ type: 'need', names })
  })

const queue = new OutputQueue((events, dropped) => send({ type: 'events', events, dropped }))
let origin: (place: Place) => Place = (place) => place

/** The innermost place of the reader's own code. */
function placeOf(error: unknown): Place | undefined {
  if (error instanceof Error && 'place' in error) return error.place as Place | undefined
  const stack = error instanceof Error ? String(error.stack) : ''
  const found = /cell\.ts:(\d+):(\d+)/.exec(stack)
  return found ? origin({ line: Number(found[1]), column: Number(found[2]) }) : undefined
}

function failureOf(error: unknown): Failure {
  const place = placeOf(error)
  const known = error instanceof Error
  return {
    name: known ? String(error.name) : 'Error',
    message: (known ? String(error.message) : `thrown: ${String(error)}`).slice(0, 5000),
    ...(place ? { place } : {}),
  }
}

function fail(error: unknown): void {
  queue.flush()
  send({ type: 'failed', failure: failureOf(error) })
  close()
}

/** @throws SourceError at the import that cannot be. */
function checkImports(
  compiler: typeof Compiler | undefined,
  code: string,
  imports: readonly ImportAt[],
  importable: readonly string[],
): void {
  for (const [start, , name] of imports) {
    if (importable.includes(name)) continue
    const before = code.slice(0, start).split('\n')
    const place = origin({ line: before.length, column: before.at(-1)!.length + 1 })
    const words = `“${name}” cannot be imported here. What can: ${importable.join(', ')}`
    throw compiler ? new compiler.SourceError(words, place) : Object.assign(new SyntaxError(words), { place })
  }
}

async function made({
  source,
  compiled,
  importable,
}: RunOrder): Promise<{ code: string; imports: readonly ImportAt[] }> {
  if (compiled) return { code: apply(source, compiled.edits), imports: compiled.imports }
  const { urls } = await ask([COMPILER])
  const compiler = (await import(/* @vite-ignore */ urls[COMPILER])) as typeof Compiler
  const result = compiler.compile(source)
  origin = result.origin
  checkImports(compiler, result.code, result.imports, importable)
  return result
}

async function run(order: RunOrder): Promise<void> {
  const { code, imports } = await made(order)
  const { urls, wasm } = await ask([...new Set(imports.map(([, , name]) => name))])
  Object.assign(globalThis, { [Symbol.for('@normlab/cell/wasm')]: wasm })
  const linked = apply(
    code,
    imports.map(([start, end, name]) => [start, end, urls[name]]),
  )
  const url = makeBlob(`${linked}\n//# sourceURL=${NAME}`)
  const host = hostOf(queue, order.chosen)
  // What is imported may draw random numbers while it loads; the cell's own begin anew after that.
  for (const name of Object.keys(urls)) await import(/* @vite-ignore */ urls[name])
  setHost(host)
  takeConsole(host)
  seedRandom()
  // From here on the realm is the reader's: no way to the frame but the functions taken above.
  for (const name of ['postMessage', 'close', 'onmessage', 'Worker', 'BroadcastChannel']) {
    for (let holder: object | null = scope; holder; holder = Object.getPrototypeOf(holder))
      Reflect.deleteProperty(holder, name)
  }
  const start = clock()
  const exported = (await import(/* @vite-ignore */ url)) as Record<string, unknown>
  const seconds = (clock() - start) / 1000
  const values = stringify(valuesOf({ ...exported }))
  queue.flush()
  send({ type: 'done', values, seconds })
  close()
}

/** First what keeps it from running, then its types. */
async function check({ source, importable, names }: CheckOrder): Promise<void> {
  let failures: Failure[] = []
  try {
    await made({ type: 'run', source, importable, chosen: {} })
    const { urls } = await ask([CHECKER])
    if (urls[CHECKER]) {
      const checker = (await import(/* @vite-ignore */ urls[CHECKER])) as Checker
      failures = checker.default(source, names)
    }
  } catch (error) {
    failures = [failureOf(error)]
  }
  send({ type: 'checked', failures })
  close()
}

addEventListener('error', (event) => fail(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => fail(event.reason))
addEventListener('message', ({ data }: MessageEvent<string | Supplied>) => {
  if (typeof data !== 'string') return answer(data)
  const order = parse(data)
  if (order.type === 'check') void check(order)
  else run(order).catch(fail)
})
