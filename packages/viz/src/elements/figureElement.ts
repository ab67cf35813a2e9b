/** What both elements share: one drawing a frame, the real width, errors in place, caption, steps and table in the light DOM. */
import { checkedWidth } from '../figure/frame.ts'
import { adopt } from './style.ts'
import { fillTable } from './table.ts'

/** Everything that a drawing shows. */
export interface Shown {
  readonly svg: string
  readonly caption: string
  /** What the arrow keys move: `row` or `cell`. */
  readonly thing: string
  /** Number of things, and the present one; -1 for none. */
  readonly count: number
  readonly current: number
  /** Steps of the upright arrow keys; those of the level ones are 1. */
  readonly stride: number
  readonly status: string
  /** Head and rows of the table. */
  readonly table: readonly (readonly string[])[]
}

/** In Node the class can be named, though not made: pages that render on a server may import it. */
// oxlint-disable-next-line no-extraneous-class
const Base = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement)

interface Parts {
  plot: HTMLElement
  caption: HTMLElement
  step: HTMLElement
  status: HTMLElement
  table: HTMLTableElement
  details: HTMLElement
  error: HTMLElement
}

export abstract class FigureElement<O extends object> extends Base {
  #options: O = {} as O
  #pending = 0
  #width = 0
  #parts: Parts | null = null
  #shown: Shown | null = null
  #observer: ResizeObserver | null = null

  /** Options of the figure; they win over attributes. Setting it draws again. */
  get options(): O {
    return this.#options
  }
  set options(value: O) {
    this.#options = value ?? ({} as O)
    this.schedule()
  }

  /** True when there is something to draw. Until then, what the page was built with stays. */
  protected abstract ready(): boolean
  /** @throws NormlabError when an attribute, an option or the data is wrong. */
  protected abstract show(width: number): Shown
  /** The reader chose a row or a cell. */
  protected abstract choose(index: number): void

  connectedCallback(): void {
    adopt(this.ownerDocument)
    // Set before the class was known: such a property hides the accessor.
    for (const name of ['options', 'record'] as const)
      if (Object.hasOwn(this, name)) {
        const value = Reflect.get(this, name)
        Reflect.deleteProperty(this, name)
        Reflect.set(this, name, value)
      }
    this.#observer ??= new ResizeObserver(() => {
      if (Math.round(this.clientWidth) !== this.#width) this.schedule()
    })
    this.#observer.observe(this)
    this.schedule()
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect()
    cancelAnimationFrame(this.#pending)
    this.#pending = 0
  }

  attributeChangedCallback(): void {
    this.schedule()
  }

  /** Draws before the next frame, once, however often it is called. */
  protected schedule(): void {
    if (this.#pending || !this.isConnected) return
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0
      this.#draw()
    })
  }

  #draw(): void {
    if (!this.ready()) return
    this.#width = Math.round(this.clientWidth)
    const parts = (this.#parts ??= this.#build())
    try {
      const width = this.getAttribute('width')
      const shown = this.show(
        width === null ? Math.max(200, Math.min(1200, this.#width || 640)) : checkedWidth(Number(width)),
      )
      this.#shown = shown
      parts.plot.innerHTML = shown.svg
      parts.plot.setAttribute('aria-label', `Figure. Arrow keys go from ${shown.thing} to ${shown.thing}.`)
      parts.caption.textContent = shown.caption
      if (parts.status.textContent !== shown.status) parts.status.textContent = shown.status
      for (const button of parts.step.querySelectorAll('button'))
        button.ariaLabel = `${button.dataset.by === '1' ? 'next' : 'previous'} ${shown.thing}`
      fillTable(parts.table, shown.table)
      this.#reveal(true, shown.count > 1)
    } catch (error) {
      this.#shown = null
      parts.error.textContent = `This figure cannot be drawn. ${error instanceof Error ? error.message : String(error)}`
      this.#reveal(false, false)
    }
  }

  #reveal(good: boolean, steps: boolean): void {
    const { plot, caption, step, details, error } = this.#parts!
    for (const part of [plot, caption, details]) part.hidden = !good
    step.hidden = !steps
    error.hidden = good
  }

  #build(): Parts {
    const make = <K extends keyof HTMLElementTagNameMap>(
      name: K,
      className: string,
      ...children: (Node | string)[]
    ): HTMLElementTagNameMap[K] => {
      const element = this.ownerDocument.createElement(name)
      element.className = className
      element.append(...children)
      return element
    }
    const plot = make('div', 'normlab-plot')
    plot.tabIndex = 0
    plot.setAttribute('role', 'group')
    plot.addEventListener('keydown', (event) => this.#onKey(event))
    plot.addEventListener('click', (event) => this.#onPoint(event))
    const button = (by: -1 | 1): HTMLButtonElement => {
      const element = make('button', 'normlab-button', by < 0 ? '‹' : '›')
      element.type = 'button'
      element.dataset.by = String(by)
      element.addEventListener('click', () => this.#move(by))
      return element
    }
    const status = make('p', 'normlab-status')
    status.setAttribute('role', 'status')
    status.setAttribute('aria-live', 'polite')
    const step = make('div', 'normlab-step', button(-1), button(1), status)
    const caption = make('figcaption', 'normlab-caption')
    const table = make('table', 'normlab-table')
    const details = make(
      'details',
      'normlab-details',
      make('summary', '', 'The numbers'),
      make('div', 'normlab-scroll', table),
    )
    const error = make('p', 'normlab-error')
    error.setAttribute('role', 'alert')
    this.replaceChildren(make('figure', 'normlab-figure', plot, step, caption, details, error))
    return { plot, caption, step, status, table, details, error }
  }

  #move(by: number): void {
    const shown = this.#shown
    if (!shown || shown.count === 0) return
    const from = shown.current < 0 ? (by > 0 ? -1 : shown.count) : shown.current
    const to = from + by
    if (to >= 0 && to < shown.count) this.choose(to)
    else if (Math.abs(by) === 1) this.choose(to < 0 ? shown.count - 1 : 0)
  }

  #onKey(event: KeyboardEvent): void {
    const shown = this.#shown
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: shown.stride,
      ArrowUp: -shown.stride,
    }
    if (event.key in steps) this.#move(steps[event.key])
    else if (event.key === 'Home') this.choose(0)
    else if (event.key === 'End') this.choose(shown.count - 1)
    else return
    event.preventDefault()
  }

  #onPoint(event: Event): void {
    const hit = (event.target as Element).closest<SVGElement>('[data-index], [data-cell]')
    const index = hit?.dataset.index ?? hit?.dataset.cell
    if (index !== undefined) this.choose(Number(index))
  }
}
