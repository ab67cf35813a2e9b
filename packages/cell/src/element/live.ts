/** A cell in use: one state, which the buttons, the controls, the editor and the sandbox share. */
import type { Failure } from '../sandbox/protocol.ts'
import type { Value } from '../host/values.ts'
import type { Editor } from './editor.ts'
import { libraryAt, packagesOf, type Library } from './library.ts'
import { Page, type CellData } from './page.ts'
import { Sandbox } from './sandbox.ts'
import { hashFor, readHash } from './share.ts'
import { View } from './view.ts'

/** This script's folder. By hand: a bundler would take `new URL(..., import.meta.url)` for a file to copy. */
const here = import.meta.url.replace(/[^/]*$/, '')

export class LiveCell {
  readonly #page: Page
  readonly #data: CellData
  readonly #view: View
  #sandbox: Promise<Sandbox> | undefined
  #library: Library | undefined
  #editor: Editor | undefined
  /** The code that runs. */
  #code: string
  /** Each start and stop is a turn; what belongs to an earlier one is late. */
  #turn = 0
  /** The reader has pressed Run for this code: parameters may run it again. */
  #wanted = false

  constructor(element: HTMLElement) {
    this.#page = new Page(element)
    this.#data = this.#page.data
    this.#code = this.#data.source
    this.#view = new View(this.#page.output, this.#data.id)
    void this.openLink()
  }

  act(name: string): unknown {
    switch (name) {
      case 'run':
        return this.run()
      case 'stop':
        return this.stop('Stopped.')
      case 'edit':
        return this.edit()
      case 'check':
        return this.check()
      case 'reset':
        return this.reset()
      case 'copy':
        return this.#copy(this.#code, 'Copied.')
      case 'share':
        return this.share()
      case 'place':
        return this.#goTo(document.activeElement as HTMLElement)
    }
    return undefined
  }

  async run(): Promise<void> {
    this.#sandboxStop()
    const turn = ++this.#turn
    this.#wanted = true
    this.#page.running(true)
    this.#page.say('Loading …')
    this.#page.markLine(undefined)
    this.#editor?.mark([])
    this.#page.problems([])
    let sandbox
    try {
      sandbox = await this.#open()
    } catch (error) {
      const message = `${(error as Error).message}. Run tries again`
      return this.#failed(turn, { name: 'Not loaded', message })
    }
    if (turn !== this.#turn) return
    this.#view.clear()
    this.#page.say('Running …')
    const edited = this.#code !== this.#data.source || !this.#data.compiled
    const order = { source: this.#code, importable: this.#importable(), chosen: this.#page.controls.chosen }
    await sandbox.run(edited ? order : { ...order, compiled: this.#data.compiled! }, {
      events: (events, dropped) => {
        if (turn !== this.#turn) return
        this.#view.add(events, dropped)
        this.#page.progress(this.#view.collected.progress)
      },
      done: (values, seconds) => void this.#done(turn, values as Record<string, Value>, seconds),
      failed: (failure) => void this.#failed(turn, failure),
    })
  }

  stop(words?: string): void {
    this.#turn++
    this.#sandboxStop()
    this.#page.running(false)
    if (words) this.#page.say(words)
  }

  async edit(): Promise<void> {
    if (this.#editor) return this.#editor.focus()
    this.#page.say('Loading the editor …')
    const { Editor } = await import('./editor.ts')
    if (this.#editor) return
    this.#editor = new Editor(this.#page.editing(), this.#code, (code) => {
      this.#code = code
      this.#wanted = false
      this.#page.say('Edited. Run runs it.')
    })
    this.#page.say('Escape, then Tab, leaves the editor.')
    this.#editor.focus()
  }

  async check(): Promise<void> {
    this.stop()
    const turn = ++this.#turn
    this.#page.say('Checking; the first time this loads TypeScript …')
    const failures = await this.#open()
      .then((sandbox) =>
        sandbox.check({ source: this.#code, importable: this.#importable(), names: this.#data.files }),
      )
      .catch((error: Error): Failure[] => [{ name: 'Not loaded', message: error.message }])
    if (turn !== this.#turn) return
    this.#editor?.mark(failures)
    this.#page.problems(failures)
    const count = failures.length
    this.#page.say(count ? `${count === 1 ? 'One problem' : `${count} problems`}.` : 'Nothing is wrong.')
  }

  reset(): void {
    this.stop()
    this.#editor?.destroy()
    this.#editor = undefined
    this.#code = this.#data.source
    this.#wanted = false
    this.#page.reset()
    this.#view.restore(this.#page.recorded)
    if (location.hash.startsWith('#cell='))
      history.replaceState(null, '', location.pathname + location.search)
  }

  async share(): Promise<void> {
    const code = this.#code === this.#data.source ? undefined : this.#code
    const hash = await hashFor(this.#data.id, {
      params: this.#page.controls.changed,
      ...(code === undefined ? {} : { code }),
    })
    history.replaceState(null, '', hash)
    await this.#copy(
      location.href,
      'The link is copied: it holds the code and the parameters, and runs nothing by itself.',
    )
  }

  /** Shows what a link brings. It runs when the reader says so, and not before. */
  async openLink(): Promise<void> {
    const { id } = this.#data
    const shared = await readHash(location.hash, id).catch(() => 'broken' as const)
    if (!shared) return
    this.stop()
    if (shared === 'broken')
      return this.#page.note('The link to this cell is damaged; here is the cell as it was written.')
    this.#page.controls.set(shared.params)
    this.#page.scroll()
    if (shared.code === undefined || shared.code === this.#data.source) return
    this.#code = shared.code
    this.#wanted = false
    this.#view.clear()
    this.#page.note(
      'This code came with a link. Nobody has checked it. It runs in a sandbox, and only when you press Run.',
    )
    if (this.#editor) this.#editor.replace(shared.code)
    else await this.edit()
    this.#page.say('Not run yet.')
  }

  /** @param settled The reader has let go of the control. */
  paramChanged(settled: boolean): void {
    this.#page.controls.moved()
    if (settled && this.#wanted) void this.run()
    else if (settled) this.#page.say('A parameter has changed. Run shows what it does.')
  }

  #importable(): string[] {
    return [...packagesOf(this.#library!), ...Object.keys(this.#data.files)]
  }

  #open(): Promise<Sandbox> {
    return (this.#sandbox ??= this.#make().catch((error: unknown) => {
      this.#sandbox = undefined
      throw error
    }))
  }

  async #make(): Promise<Sandbox> {
    const url = new URL(this.#data.library ?? 'library.json', this.#data.library ? document.baseURI : here)
      .href
    const library = await libraryAt(url)
    this.#library = library
    // A page's own files go by the names that its cells use: '../data.ts'.
    const own = Object.entries(this.#data.files).map(([specifier, name]) => [specifier, library.names[name]])
    const names = { ...library.names, ...Object.fromEntries(own) }
    return new Sandbox(this.#page.element, new URL('.', url).href, { ...library, names }, this.#data.silence)
  }

  #sandboxStop(): void {
    void this.#sandbox?.then((sandbox) => sandbox.stop())
  }

  /** Says so when all that the run has put out can be seen. */
  async #done(turn: number, values: Readonly<Record<string, Value>>, seconds: number): Promise<void> {
    if (turn !== this.#turn) return
    await this.#view.finish(values)
    if (turn !== this.#turn) return
    this.#page.running(false)
    const { params, tolerance } = this.#view.collected
    this.#page.controls.replace(params)
    const off = tolerance ? ` Numbers may be off by ${tolerance * 100}% from the recorded ones.` : ''
    this.#page.say(`Done in ${seconds < 0.1 ? 'less than 0.1' : seconds.toFixed(1)} s.${off}`)
  }

  async #failed(turn: number, failure: Failure): Promise<void> {
    if (turn !== this.#turn) return
    await this.#view.fail(failure)
    if (turn !== this.#turn) return
    this.#page.running(false)
    if (this.#code !== this.#data.source) this.#page.controls.replace(this.#view.collected.params)
    this.#editor?.mark([failure])
    if (!this.#editor) this.#page.markLine(failure.place?.line)
    this.#page.say(`${failure.name === 'Stopped' ? 'Stopped' : 'Failed'}${placed(failure)}.`)
  }

  #goTo({ dataset }: HTMLElement): void {
    const place = { line: Number(dataset.line), column: Number(dataset.column) }
    if (this.#editor) this.#editor.goTo(place)
    else this.#page.goToLine(place.line)
  }

  async #copy(text: string, words: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.#page.say(words)
    } catch {
      this.#page.say('The browser did not allow copying.')
    }
  }
}

const placed = ({ place }: Failure): string => (place ? ` at line ${place.line}, column ${place.column}` : '')
