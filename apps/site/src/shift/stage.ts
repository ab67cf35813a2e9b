import { defaultState, sameRun, type PageState } from '@normlab/docs/shift/experiment/fields.ts'
import type { Frame } from '@normlab/docs/shift/experiment/train.ts'
import type { Source } from './pictures.ts'
import { aboutText } from './words.ts'

type Pictures = typeof import('./pictures.ts')

/** The two panels. Draws at most once a frame; loads the drawing code when there is something new to draw. */
export class Stage {
  readonly #root: HTMLElement
  #pictures: Pictures | undefined
  #recorded: Source | undefined
  #state: PageState = defaultState
  #drawn: PageState = defaultState
  #run: PageState | undefined
  #kept: Frame[] = []
  #live: Frame | undefined
  #domain: readonly [number, number] | undefined
  #due = false
  #width = 0

  constructor(root: HTMLElement) {
    this.#root = root
    new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === this.#width) return
      this.#width = contentRect.width
      if (this.#run) this.#ask()
    }).observe(this.#panel('without'))
  }

  /** Shows another part of the same run. The recorded pair stands in the page already. */
  look(state: PageState) {
    this.#state = state
    this.#domain = undefined
    if (!sameLook(state, this.#drawn)) void this.#load().then(() => this.#ask())
  }

  begin(state: PageState) {
    this.#state = state
    this.#run = state
    this.#kept = []
    this.#live = undefined
    this.#domain = undefined
    for (const side of ['without', 'with'] as const) {
      const panel = this.#panel(side)
      panel.style.minHeight = `${panel.offsetHeight}px`
    }
    void this.#load()
  }

  add(frame: Frame) {
    this.#live = frame
    if (frame.keep && frame.epoch > 0) this.#kept.push(frame)
    this.#ask()
  }

  end() {
    this.#live = this.#kept.at(-1) === this.#live ? undefined : this.#live
    this.#domain = undefined
    for (const side of ['without', 'with']) this.#panel(side).style.minHeight = ''
    this.#ask()
  }

  async #load() {
    this.#pictures ??= await import('./pictures.ts')
    if (this.#run || this.#recorded) return
    const answer = await fetch(this.#root.dataset['recording']!)
    this.#recorded = this.#pictures.recorded(await answer.json())
  }

  #ask() {
    if (this.#due) return
    this.#due = true
    requestAnimationFrame(() => {
      this.#due = false
      this.#draw()
    })
  }

  #draw() {
    const source = this.#source()
    if (!this.#pictures || !source) return
    const { scope, layer, unit, side } = this.#state
    const of = this.#run ?? defaultState
    const selection = { scope, layer: Math.min(layer, of.depth), unit: Math.min(unit, of.width), side }
    const width = Math.max(240, Math.floor(this.#width))
    const { svg, caption, domain } = this.#pictures.picture(source, selection, { width, least: this.#domain })
    if (this.#live) this.#domain = domain
    for (const each of this.#pictures.sides) {
      this.#panel(each).innerHTML = svg[each]
      this.#root.querySelector(`[data-caption=${each}]`)!.textContent = caption[each]
    }
    this.#caption()
    this.#drawn = this.#state
  }

  /** The caption in the page is the recorded figure's own. */
  #caption() {
    const recordedOne =
      sameLook(this.#state, defaultState) && (!this.#run || sameRun(this.#run, defaultState))
    const own = this.#root.querySelector<HTMLElement>('[data-about=recorded]')!
    const other = this.#root.querySelector<HTMLElement>('[data-about=other]')!
    own.hidden = !recordedOne
    other.hidden = recordedOne
    const words = recordedOne ? '' : aboutText(this.#state, this.#run)
    if (other.textContent !== words) other.textContent = words
  }

  #source(): Source | undefined {
    if (!this.#run) return this.#recorded
    if (!this.#live && this.#kept.length === 0) return undefined
    return this.#pictures?.trained(this.#kept, this.#live)
  }

  #panel(side: string): HTMLElement {
    return this.#root.querySelector(`[data-panel=${side}]`)!
  }
}

const sameLook = (a: PageState, b: PageState): boolean =>
  (['scope', 'layer', 'unit', 'side'] as const).every((name) => a[name] === b[name])
