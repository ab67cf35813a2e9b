/** The pattern explorer of /axes/: a pattern or a variant, and the block, the formula and the numbers that follow from it. */
import { NormlabError, type Plan } from '@normlab/core'
import { axisClass, axesFormula } from '@normlab/viz'
import '@normlab/viz/elements/axes'
import { writeAddress } from '../axes/address.ts'
import {
  chosen,
  fieldsOf,
  LONGEST,
  partSizesOf,
  planOfState,
  queryOf,
  shapeOf,
  sharing,
  stateOf,
  type AxesState,
  type KnownVariant,
} from '../axes/state.ts'

class AxesExplorer extends HTMLElement {
  #known: readonly KnownVariant[] = []
  #start!: AxesState
  #state!: AxesState
  /** The table waits for its code; what was asked for last wins. */
  #asked = 0

  connectedCallback(): void {
    const { known, start } = JSON.parse(this.#one('script[type="application/json"]').textContent)
    this.#known = known
    this.#start = start
    this.#state = stateOf(location.search, known, start)
    const form = this.#one<HTMLFormElement>('form')
    form.addEventListener('submit', (event) => event.preventDefault())
    form.addEventListener('input', (event) => this.#onInput(event.target as HTMLInputElement))
    form.addEventListener('reset', (event) => {
      event.preventDefault()
      this.#set(this.#start)
    })
    this.addEventListener('normlab-cell', (event) => {
      this.#state = { ...this.#state, cell: (event as CustomEvent<{ cell: number }>).detail.cell }
      this.#follow(planOfState(this.#state), true)
    })
    const untouched = JSON.stringify(this.#state) === JSON.stringify(this.#start)
    this.#show(!untouched, false)
  }

  #one<T extends Element = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!
  }

  #onInput(control: HTMLInputElement | HTMLSelectElement): void {
    const state = this.#state
    if (control.name === 'variant') this.#set(chosen(this.#known, control.value, state))
    else if (control.name === 'pattern') this.#set({ ...state, variant: '', pattern: control.value, cell: 0 })
    else if (control.dataset.size !== undefined) {
      const value = (control as HTMLInputElement).valueAsNumber
      this.#set({ ...state, sizes: { ...state.sizes, [control.dataset.size]: value }, cell: 0 })
    }
  }

  #set(state: AxesState): void {
    this.#state = state
    this.#show(true, true)
  }

  /** @param moved from the start, with whose formula and numbers the page was built. */
  #show(moved: boolean, write: boolean): void {
    const state = this.#state
    this.#one<HTMLSelectElement>('[name=variant]').value = state.variant
    const input = this.#one<HTMLInputElement>('[name=pattern]')
    if (input.value !== state.pattern) input.value = state.pattern
    try {
      this.#fields(state)
      const plan = this.#checked(state)
      this.#wrong(null)
      const variant = this.#variant()
      const cube = this.#one('norm-axes')
      const sizes = Object.entries(partSizesOf(state)).map(([name, size]) => `${name}=${size}`)
      const attributes: Record<string, string> = {
        pattern: state.pattern,
        shape: shapeOf(state).join(' '),
        sizes: sizes.join(' '),
        what: variant?.what ?? 'statistic',
        highlight: String(state.cell),
        ...(variant ? { name: variant.name } : {}),
        ...(variant?.shares ? { shares: variant.shares } : {}),
      }
      for (const name of ['name', 'shares', 'sizes'])
        if (!attributes[name]) {
          cube.removeAttribute(name)
          delete attributes[name]
        }
      for (const [name, value] of Object.entries(attributes))
        if (cube.getAttribute(name) !== value) cube.setAttribute(name, value)
      if (!moved) return
      this.#one('[data-formula]').innerHTML = axesFormula(state.pattern, variant)
      const others = sharing(this.#known, state).filter(({ slug }) => slug !== state.variant)
      this.#one('[data-sharing]').textContent = others.length
        ? `${state.variant ? 'The same pattern' : 'The pattern of'}: ${others.map(({ name }) => name).join(', ')}.`
        : state.variant
          ? 'No other variant has this pattern.'
          : 'No variant that is known here has this pattern.'
      this.#follow(plan, write)
    } catch (error) {
      if (!(error instanceof NormlabError)) throw error
      this.#wrong(error)
    }
  }

  #variant(): KnownVariant | undefined {
    return this.#known.find(({ slug }) => slug === this.#state.variant)
  }

  /** @throws NormlabError as core does, and for a size or a cell that this page does not offer. */
  #checked(state: AxesState): Plan {
    for (const { name, value } of fieldsOf(state))
      if (!Number.isInteger(value) || value < 1 || value > LONGEST)
        throw new NormlabError(
          name,
          Number.isNaN(value) ? 'no number' : String(value),
          `Give a whole number from 1 to ${LONGEST}`,
        )
    const plan = planOfState(state)
    if (state.cell >= plan.cells) this.#state = { ...state, cell: 0 }
    return plan
  }

  /** Inputs of the sizes that this pattern has. One that stays keeps its focus. */
  #fields(state: AxesState): void {
    const box = this.#one('[data-sizes]')
    const fields = fieldsOf(state)
    const old = new Map(
      [...box.querySelectorAll<HTMLInputElement>('input')].map((input) => [input.dataset.size!, input]),
    )
    const kept = fields.map(({ name }) => name)
    if (String([...old.keys()]) !== String(kept)) {
      box.replaceChildren(
        ...fields.map(({ name, label, axis }) => {
          const input =
            old.get(name) ??
            Object.assign(document.createElement('input'), { type: 'number', id: `axes-size-${name}` })
          input.dataset.size = name
          input.min = '1'
          input.max = String(LONGEST)
          input.required = true
          input.autocomplete = 'off'
          const words = Object.assign(document.createElement('label'), {
            htmlFor: input.id,
            textContent: label,
          })
          words.className = axisClass(name, axis)
          const control = Object.assign(document.createElement('div'), { className: 'size' })
          control.append(words, input)
          return control
        }),
      )
    }
    for (const { name, value } of fields) {
      const input = box.querySelector<HTMLInputElement>(`[data-size="${name}"]`)!
      if (input.valueAsNumber !== value && !Number.isNaN(value)) input.valueAsNumber = value
    }
  }

  /** The message stands below what is wrong; the figures stay as they were last right, and are framed by dashes. */
  #wrong(error: NormlabError | null): void {
    const sizes = [...this.querySelectorAll<HTMLInputElement>('[data-size]')]
    const guilty = error && sizes.find(({ dataset }) => dataset.size === error.argument)
    const input = this.#one<HTMLInputElement>('[name=pattern]')
    for (const control of [input, ...sizes]) control.toggleAttribute('aria-invalid', false)
    if (error) (guilty ?? input).setAttribute('aria-invalid', 'true')
    this.#one('[data-pattern-error]').textContent = error && !guilty ? error.message : ''
    this.#one('[data-size-error]').textContent = guilty ? error.message : ''
    for (const one of sizes) one.setAttribute('aria-describedby', 'axes-size-error')
    this.#one('[data-result]').classList.toggle('stale', error !== null)
    if (error) this.#one('[data-sharing]').textContent = 'Below is the last pattern that was right.'
  }

  #follow(plan: Plan, write: boolean): void {
    if (write)
      writeAddress(
        ['variant', 'pattern', 'sizes', 'cell'],
        new URLSearchParams(queryOf(this.#state, this.#start)),
      )
    void this.#draw(plan, this.#state, ++this.#asked)
  }

  async #draw(plan: Plan, state: AxesState, asked: number): Promise<void> {
    const { gridOf, MOST } = await import('../axes/numbers.ts')
    if (asked !== this.#asked) return
    const box = this.#one('[data-grid]')
    const width = Math.max(200, Math.min(1200, box.clientWidth))
    const svg = gridOf(state, plan, this.#variant(), width, 'axes-grid')
    if (svg) box.innerHTML = svg
    else box.textContent = `${plan.size} numbers: more than ${MOST} are not read. Make the axes shorter.`
  }
}

customElements.define('axes-explorer', AxesExplorer)
