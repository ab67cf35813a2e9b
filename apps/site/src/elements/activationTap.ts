/** Makes the network of /activations/ answer to taps. Its training and its drawing are loaded with the first of them. */
import { writeAddress } from '../axes/address.ts'
import { queryOf, start, stateOf, STEPS, type TapState } from '../activations/state.ts'

/** Milliseconds of training in a frame; the pictures get one of their own. */
const BUDGET = 3
/** Between two pictures of a playing run. */
const PACE = 80

class ActivationTap extends HTMLElement {
  #state: TapState = start
  #asked = 0
  #playing = 0

  connectedCallback(): void {
    this.#state = stateOf(location.search)
    this.#controls()
    this.addEventListener('input', (event) => this.#onInput(event.target as HTMLInputElement))
    this.#one('form').addEventListener('submit', (event) => event.preventDefault())
    this.#one('[data-play]').addEventListener('click', () => this.#play())
    if (queryOf(this.#state)) void this.#draw()
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  #one<T extends Element = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!
  }

  #controls(): void {
    const { activation, place, step, layer, unit } = this.#state
    this.#one<HTMLSelectElement>('[name=activation]').value = activation
    this.#one<HTMLSelectElement>('[name=place]').value = place
    this.#one<HTMLInputElement>('[name=step]').valueAsNumber = step
    this.#one('[data-step]').textContent = String(step)
    this.#one<HTMLInputElement>(`[name=tap][value="${layer}.${unit}"]`).checked = true
  }

  #onInput(control: HTMLInputElement | HTMLSelectElement): void {
    const { name, value } = control
    if (name === 'tap') {
      const [layer, unit] = value.split('.').map(Number)
      this.#set({ layer, unit })
    } else if (name === 'step') {
      this.#stop()
      this.#set({ step: Number(value) })
    } else if (name === 'activation') this.#set({ activation: value as TapState['activation'] })
    else if (name === 'place') this.#set({ place: value as TapState['place'] })
  }

  #set(change: Partial<TapState>): void {
    this.#state = { ...this.#state, ...change }
    this.#one('[data-step]').textContent = String(this.#state.step)
    writeAddress(['tap', 'f', 'bn', 'steps'], new URLSearchParams(queryOf(this.#state)))
    void this.#draw()
  }

  /** From where it stands to the end; from the beginning where it stood there. At once for who wants no motion. */
  #play(): void {
    if (this.#playing) return this.#stop()
    const slider = this.#one<HTMLInputElement>('[name=step]')
    const to = (step: number): void => {
      slider.valueAsNumber = step
      this.#set({ step })
    }
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return to(STEPS.most)
    if (this.#state.step >= STEPS.most) to(0)
    this.#one('[data-play]').textContent = 'Stop'
    // Read out once, at the end, and not thirty times.
    this.#one('[data-finding]').setAttribute('aria-live', 'off')
    this.#playing = window.setInterval(() => {
      if (this.#state.step >= STEPS.most) this.#stop()
      else to(this.#state.step + STEPS.each)
    }, PACE)
  }

  #stop(): void {
    if (!this.#playing) return
    clearInterval(this.#playing)
    this.#playing = 0
    this.#one('[data-play]').textContent = 'Train'
    this.#one('[data-finding]').removeAttribute('aria-live')
  }

  async #draw(): Promise<void> {
    const asked = ++this.#asked
    const [{ passesAt }, drawing] = await Promise.all([
      import('../activations/runs.ts'),
      import('../activations/drawing.ts'),
    ])
    let passes
    while (asked === this.#asked && !(passes = passesAt(this.#state, this.#state.step, BUDGET)))
      await new Promise((done) => requestAnimationFrame(done))
    if (!passes || asked !== this.#asked) return
    const state = this.#state
    this.#one('[data-network]').innerHTML = drawing.networkOf(state, passes, 'tap-network')
    const boxes = [...this.querySelectorAll('[data-box]')]
    for (const [i, { style }] of drawing.boxesOf(state, passes).entries())
      boxes[i].setAttribute('style', style)
    const sides = this.#one('[data-histograms]')
    const width = Math.max(200, Math.min(600, sides.clientWidth))
    sides.innerHTML = drawing.histogramsOf(state, passes, width, 'tap-sides')
    this.#one('[data-finding]').textContent = drawing.findingOf(state, passes)
    this.#one('[data-numbers]').replaceChildren(
      ...drawing.tableOf(state, passes).map(({ label, cells }) => {
        const row = document.createElement('tr')
        row.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: label }))
        for (const cell of cells) row.insertCell().textContent = cell
        return row
      }),
    )
  }
}

customElements.define('activation-tap', ActivationTap)
