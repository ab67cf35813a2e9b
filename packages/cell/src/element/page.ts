/** The parts of a cell in the page: its bar, its controls, its code and its output. */
import type { Param } from '../events.ts'
import { barHtml } from '../host/markup.ts'
import { cellCss } from '../host/style.ts'
import type { Compiled, Failure } from '../sandbox/protocol.ts'
import { Controls } from './controls.ts'
import { failureHtml } from './view.ts'

/** What a page is built with, in `<script type="application/json" class="cell-data">`. */
export interface CellData {
  /** Of the element: a link names it. */
  readonly id: string
  readonly source: string
  /** Absent where nothing was made ready at build time: then each run compiles. */
  readonly compiled?: Compiled
  readonly params: readonly Param[]
  /** Files of the page that the cell imports: `../data.ts` -> their name in the library. */
  readonly files: Readonly<Record<string, string>>
  /** Address of the `library.json`. */
  readonly library?: string
  /** Milliseconds without output after which a run is ended. */
  readonly silence?: number
}

export class Page {
  readonly element: HTMLElement
  readonly data: CellData
  readonly output: HTMLElement
  /** The output as the page was built. */
  readonly recorded: string
  readonly controls: Controls
  readonly #said: string

  constructor(element: HTMLElement) {
    this.element = element
    if (!element.querySelector('.cell-bar')) furnish(element)
    const json = element.querySelector('.cell-data')?.textContent
    const own = element.getAttribute('library')
    this.data = json
      ? { id: element.id, ...JSON.parse(json) }
      : { ...bare(element), ...(own ? { library: own } : {}) }
    this.output = this.#part('.cell-output')
    this.recorded = this.output.innerHTML
    this.controls = new Controls(this.#part('.cell-params'), this.data.params)
    this.#said = this.#part('.cell-status').textContent ?? ''
  }

  #part<T extends HTMLElement>(selector: string): T {
    return this.element.querySelector<T>(selector)!
  }

  #button(name: string): HTMLButtonElement {
    return this.#part(`[data-cell-act=${name}]`)
  }

  say(words: string): void {
    this.#part('.cell-status').textContent = words
  }

  running(on: boolean): void {
    const [run, stop] = [this.#button('run'), this.#button('stop')]
    const focused = document.activeElement
    run.hidden = on
    stop.hidden = !on
    if (on && focused === run) stop.focus()
    if (!on && focused === stop) run.focus()
    this.output.setAttribute('aria-busy', String(on))
    this.#button('reset').hidden = false
    if (!on) this.progress(undefined)
  }

  progress(state: { done: number; of: number } | undefined): void {
    const bar = this.#part<HTMLProgressElement>('.cell-progress')
    bar.hidden = !state
    if (!state) return
    bar.max = state.of > 0 ? state.of : 1
    bar.value = Math.min(bar.max, Math.max(0, state.done || 0))
  }

  /** Above the code, until Reset: where it came from. */
  note(words: string): void {
    this.#part('.cell-origin')?.remove()
    const note = document.createElement('p')
    note.className = 'cell-origin'
    note.textContent = words
    this.element.prepend(note)
    this.#button('reset').hidden = false
  }

  /** What Check has found, below the buttons. */
  problems(failures: readonly Failure[]): void {
    this.element.querySelector('.cell-problems')?.remove()
    if (failures.length === 0) return
    const items = failures.map((failure) => `<li>${failureHtml(failure)}</li>`)
    this.#part('.cell-params').insertAdjacentHTML(
      'afterend',
      `<ul class="cell-problems">${items.join('')}</ul>`,
    )
  }

  /** Makes room for the editor, where the code stood. */
  editing(): HTMLElement {
    this.#code.hidden = true
    this.#button('edit').hidden = true
    for (const name of ['check', 'reset']) this.#button(name).hidden = false
    const place = document.createElement('div')
    place.className = 'cell-editor'
    this.#code.after(place)
    return place
  }

  reset(): void {
    this.#part('.cell-origin')?.remove()
    this.#part('.cell-editor')?.remove()
    this.problems([])
    this.#code.hidden = false
    this.markLine(undefined)
    this.#button('edit').hidden = false
    for (const name of ['check', 'reset']) this.#button(name).hidden = true
    this.controls.reset(this.data.params)
    this.say(this.#said)
    this.#button('edit').focus()
  }

  get #code(): HTMLElement {
    return this.#part('.cell-code')
  }

  /** Sets off a line of the code as it was written; lines from 1. */
  markLine(line: number | undefined): void {
    for (const each of this.element.querySelectorAll('.cell-bad')) each.classList.remove('cell-bad')
    if (line) this.element.querySelectorAll('.cell-code .ec-line')[line - 1]?.classList.add('cell-bad')
  }

  goToLine(line: number): void {
    const unfold = this.element.querySelector<HTMLInputElement>('.cell-unfold input')
    if (unfold) unfold.checked = true
    this.markLine(line)
    this.element.querySelector('.cell-bad')?.scrollIntoView({ block: 'center' })
  }

  scroll(): void {
    this.element.scrollIntoView({ block: 'start' })
  }
}

/** A cell of a page that was not built for it: `<norm-cell><pre>code</pre></norm-cell>`. */
function bare(element: HTMLElement): CellData {
  return {
    id: element.id,
    source: (element.querySelector('.cell-code')?.textContent ?? '').replace(/^\n/, '').trimEnd(),
    params: [],
    files: {},
  }
}

let sheet: CSSStyleSheet | undefined

function furnish(element: HTMLElement): void {
  const code = element.querySelector('pre') ?? element.appendChild(document.createElement('pre'))
  code.classList.add('cell-code')
  code.tabIndex = 0
  code.insertAdjacentHTML('afterend', barHtml([], 'Not run yet.'))
  element.insertAdjacentHTML('beforeend', '<div class="cell-output" role="group" aria-label="Output"></div>')
  if (!sheet) {
    // A constructed sheet: a strict policy allows it where it forbids <style>.
    sheet = new CSSStyleSheet()
    sheet.replaceSync(cellCss)
    document.adoptedStyleSheets.push(sheet)
  }
}
