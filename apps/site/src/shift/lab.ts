import { defaultState, sameRun, type PageState } from '@normlab/docs/shift/experiment/fields.ts'
import { readState, writeState } from '@normlab/docs/shift/experiment/state.ts'
import { CsvInput } from './csvInput.ts'
import { fillForm, readForm } from './form.ts'
import { Run } from './run.ts'
import { Stage } from './stage.ts'

/** The live part of /shift/: one state, which the form, the address and the figures share. */
class ShiftLab extends HTMLElement {
  #state: PageState = defaultState
  #form!: HTMLFormElement
  #stage!: Stage
  #run!: Run
  #csv!: CsvInput
  #watch = new AbortController()

  connectedCallback() {
    this.#form = this.querySelector('form')!
    for (const part of this.querySelectorAll('[data-waiting]')) part.removeAttribute('data-waiting')
    this.#stage = new Stage(this)
    this.#csv = new CsvInput(this, () => this.#choose({ ...this.#state, data: 'csv' }))
    this.#run = new Run(this, this.#stage)
    const { signal } = this.#watch
    const on = (target: EventTarget, type: string, act: (event: Event) => void) =>
      target.addEventListener(type, act, { signal })
    on(this.#form, 'change', () => this.#read())
    on(this.#form, 'submit', (event) => {
      event.preventDefault()
      this.#start()
    })
    on(this.querySelector('[data-act=stop]')!, 'click', () => this.#run.stop())
    on(this.querySelector('[data-act=reset]')!, 'click', () => this.#choose(defaultState))
    on(window, 'popstate', () => this.#fromAddress())
    on(window, 'pagehide', () => this.#run.stop())
    this.#fromAddress()
  }

  disconnectedCallback() {
    this.#run.stop()
    this.#watch.abort()
  }

  #fromAddress() {
    const { state, notes } = readState(location.search)
    if (state.data === 'csv' && !this.#csv.table)
      notes.push(
        'This address stands for a run on a CSV file, which never left its reader’s machine. Choose a file of your own, or other data.',
      )
    this.#note(notes)
    this.#show(state)
  }

  #read() {
    const state = readForm(this.#form)
    if (state) this.#choose(state)
  }

  /** A new state goes into the address as a step that "back" undoes. */
  #choose(state: PageState) {
    this.#note([])
    const query = writeState(state)
    if (query !== location.search) history.pushState(null, '', `${location.pathname}${query}${location.hash}`)
    this.#show(state)
  }

  #show(state: PageState) {
    this.#state = state
    fillForm(this.#form, state)
    this.#csv.show(state.data === 'csv')
    this.#run.settingsChanged(!sameRun(state, this.#run.state))
    this.#stage.look(state)
  }

  #start() {
    const state = readForm(this.#form)
    if (!state) return this.#form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
    if (state.data === 'csv' && !this.#csv.table) return this.#csv.ask()
    this.#note([])
    this.#run.start(state, state.data === 'csv' ? this.#csv.table : undefined)
  }

  #note(notes: string[]) {
    const box = this.querySelector<HTMLElement>('[data-notes]')!
    box.hidden = notes.length === 0
    box.replaceChildren(
      ...notes.map((note) => Object.assign(document.createElement('p'), { textContent: note })),
    )
  }
}

export const defineShiftLab = () => customElements.define('shift-lab', ShiftLab)
