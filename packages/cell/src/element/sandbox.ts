/** The page's side of the sandbox: one frame a cell, made at the first run. */
import type { CellEvent } from '../events.ts'
import type { CheckOrder, Failure, FromFrame, RunOrder, ToFrame } from '../sandbox/protocol.ts'
import { failureFrom, isEvent } from './checked.ts'
import { supplyOf, type Library } from './library.ts'

/** A cell that has put out nothing for so long is taken to be lost. */
export const SILENCE = 60_000

export interface Ear {
  events(events: CellEvent[], dropped: number): void
  done(values: unknown, seconds: number): void
  failed(failure: Failure): void
}

export class Sandbox {
  readonly #base: string
  readonly #library: Library
  readonly #has = new Set<string>()
  readonly #holder: HTMLElement
  #frame: HTMLIFrameElement | undefined
  #port: Promise<MessagePort> | undefined
  #ear: Ear | undefined
  #checked: ((failures: Failure[]) => void) | undefined
  #silence = 0
  #silent = SILENCE

  /** @param holder Where the frame, which shows nothing, is put. */
  constructor(holder: HTMLElement, base: string, library: Library, silent = SILENCE) {
    this.#holder = holder
    this.#base = base
    this.#library = library
    this.#silent = silent
  }

  get running(): boolean {
    return this.#ear !== undefined
  }

  async run(order: Omit<RunOrder, 'type'>, ear: Ear): Promise<void> {
    this.#ear = ear
    this.#wait()
    try {
      await this.#send({ ...order, type: 'run' })
    } catch (error) {
      if (this.#ear === ear) this.#fail(error)
    }
  }

  /** What is wrong with the source, without running it. */
  async check(order: Omit<CheckOrder, 'type'>): Promise<Failure[]> {
    if (this.running) this.stop()
    const checked = new Promise<Failure[]>((resolve) => (this.#checked = resolve))
    await this.#send({ ...order, type: 'check' })
    return checked
  }

  /**
   * Ends the worker in the middle of whatever it does. The whole frame goes: Chrome lets a worker that only loops go on for two
   * seconds after `terminate`, but a frame of opaque origin has a process of its own.
   */
  stop(): void {
    const busy = this.#ear !== undefined || this.#checked !== undefined
    this.#end()
    if (!busy) return
    this.#frame?.remove()
    this.#frame = undefined
    this.#port = undefined
    this.#has.clear()
  }

  #end(): Ear | undefined {
    const ear = this.#ear
    this.#ear = undefined
    clearTimeout(this.#silence)
    this.#checked?.([])
    this.#checked = undefined
    return ear
  }

  #wait(): void {
    clearTimeout(this.#silence)
    this.#silence = window.setTimeout(() => {
      const ear = this.#ear
      this.stop()
      ear?.failed({ name: 'Stopped', message: `Nothing was printed for ${this.#silent / 1000} seconds` })
    }, this.#silent)
  }

  #fail(error: unknown): void {
    const words = error instanceof Error ? error.message : String(error)
    const ear = this.#ear
    this.stop()
    ear?.failed({ name: 'Not loaded', message: `${words}. Run tries again` })
  }

  async #send(message: ToFrame): Promise<void> {
    const port = await (this.#port ??= this.#open())
    port.postMessage(message)
  }

  /** Nobody else can have the port: it goes to the frame's own window, once, when its page has loaded. */
  #open(): Promise<MessagePort> {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.setAttribute('aria-hidden', 'true')
    frame.setAttribute('referrerpolicy', 'no-referrer')
    frame.tabIndex = -1
    frame.title = 'Sandbox'
    frame.style.display = 'none'
    frame.src = this.#base + this.#library.runner
    const opened = new Promise<MessagePort>((resolve, reject) => {
      const { port1, port2 } = new MessageChannel()
      const timer = setTimeout(() => reject(new Error('The sandbox did not open')), 20_000)
      port1.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => {
        if (data.type === 'ready') {
          clearTimeout(timer)
          resolve(port1)
        } else if (this.#frame === frame) this.#hear(data)
      })
      port1.start()
      frame.addEventListener('load', () => frame.contentWindow?.postMessage('open', '*', [port2]), {
        once: true,
      })
    })
    opened.catch(() => {
      if (this.#frame !== frame) return
      frame.remove()
      this.#frame = undefined
      this.#port = undefined
    })
    this.#frame = frame
    this.#holder.append(frame)
    return opened
  }

  #hear(data: FromFrame): void {
    if (typeof data !== 'object' || data === null) return
    if (data.type === 'need') return void this.#supply(data.names)
    if (data.type === 'checked') {
      const failures = Array.isArray(data.failures) ? data.failures.slice(0, 50) : []
      this.#checked?.(failures.map(failureFrom))
      this.#checked = undefined
    }
    if (!this.#ear) return
    if (data.type === 'events' && Array.isArray(data.events)) {
      this.#wait()
      this.#ear.events(data.events.filter(isEvent), Number(data.dropped) || 0)
    } else if (data.type === 'done') this.#end()!.done(valuesIn(data.values), Number(data.seconds) || 0)
    else if (data.type === 'failed') this.#end()!.failed(failureFrom(data.failure))
  }

  async #supply(names: unknown): Promise<void> {
    const wanted = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
    const frame = this.#frame
    try {
      const supply = await supplyOf(this.#base, this.#library, wanted, this.#has)
      if (this.#frame !== frame) return
      await this.#send(supply)
      for (const { file } of supply.files) this.#has.add(file)
    } catch (error) {
      if (this.#frame === frame) this.#fail(error)
    }
  }
}

function valuesIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return {}
  }
}
