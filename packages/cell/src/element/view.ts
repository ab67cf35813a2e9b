/** The output of a run, drawn at most once a frame, whatever the cell does. */
import type { CellEvent } from '../events.ts'
import { Collected, type Output } from '../host/collect.ts'
import { escape, oneHtml, outputHtml } from '../host/html.ts'
import type { Value } from '../host/values.ts'
import type { Failure } from '../sandbox/protocol.ts'
import { image, repaint } from './image.ts'

/** Outputs that stand in the page; a flood's rest is counted. */
const MOST_SHOWN = 1000
/** New ones a frame: a flood does not keep the page from its own work. */
const MOST_A_FRAME = 50
/** Milliseconds after which output is drawn without a frame: a page in the background has none. */
const NO_FRAME = 250

export class View {
  collected = new Collected()
  #dropped = 0
  #shown = 0
  #pending: { frame: number; timer: number } | undefined
  #tail: { html: string; drawn: () => void }[] = []
  readonly #changed = new Set<Output>()
  readonly #places = new Map<Output, HTMLElement>()
  readonly #box: HTMLElement
  readonly #id: string

  constructor(box: HTMLElement, id: string) {
    this.#box = box
    this.#id = id
    new MutationObserver(() => repaint(box.querySelectorAll<HTMLImageElement>('img[data-cell-svg]'))).observe(
      document.documentElement,
      { attributeFilter: ['data-theme'] },
    )
  }

  clear(): void {
    this.#unschedule()
    this.collected = new Collected()
    this.#dropped = 0
    this.#shown = 0
    this.#tail = []
    this.#changed.clear()
    this.#places.clear()
    this.#box.replaceChildren()
  }

  add(events: readonly CellEvent[], dropped: number): void {
    this.#dropped += dropped
    for (const event of events) {
      const output = this.collected.add(event)
      if (output) this.#changed.add(output)
    }
    this.#schedule()
  }

  /** What was recorded, before anything has run here. */
  restore(html: string): void {
    this.clear()
    this.#box.innerHTML = html
  }

  /** @returns when all that the cell has put out stands in the page. */
  finish(values: Readonly<Record<string, Value>>): Promise<void> {
    return this.#end(outputHtml([], values, this.#options('values')))
  }

  fail(failure: Failure): Promise<void> {
    return this.#end(`<div class="cell-failure">${failureHtml(failure)}</div>`)
  }

  #options(id: string | number) {
    return { id: `${this.#id}-live-${id}`, figure: image }
  }

  /** What stands last, when all else is drawn. */
  #end(html: string): Promise<void> {
    return new Promise((drawn) => {
      this.#tail.push({ html, drawn })
      if (this.#changed.size === 0 && !this.#pending) this.#draw()
      else this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#pending) return
    const draw = () => {
      this.#unschedule()
      this.#draw()
    }
    this.#pending = { frame: requestAnimationFrame(draw), timer: window.setTimeout(draw, NO_FRAME) }
  }

  #unschedule(): void {
    if (!this.#pending) return
    cancelAnimationFrame(this.#pending.frame)
    clearTimeout(this.#pending.timer)
    this.#pending = undefined
  }

  #draw(): void {
    let made = 0
    for (const output of this.#changed) {
      if (made === MOST_A_FRAME) return this.#schedule()
      this.#changed.delete(output)
      const place = this.#places.get(output)
      if (place) place.innerHTML = this.#html(output)
      else if (this.#shown < MOST_SHOWN) {
        this.#places.set(output, this.#append(this.#html(output)))
        made++
      } else this.#dropped++
    }
    if (this.#tail.length === 0) return
    if (this.#dropped) this.#append(`<p class="cell-note">${this.#dropped} more outputs were left out.</p>`)
    const tail = this.#tail
    this.#tail = []
    for (const { html, drawn } of tail) {
      this.#append(html)
      drawn()
    }
  }

  #html(output: Output): string {
    try {
      return oneHtml(output, this.#options(this.collected.outputs.indexOf(output)))
    } catch (error) {
      return `<p class="cell-note">${escape(error instanceof Error ? error.message : String(error))}</p>`
    }
  }

  #append(html: string): HTMLElement {
    const holder = document.createElement('div')
    holder.innerHTML = html
    this.#shown++
    this.#box.append(holder)
    return holder
  }
}

export function failureHtml({ name, message, place }: Failure): string {
  const where = place
    ? `<button type="button" class="cell-place" data-cell-act="place" data-line="${place.line}" data-column="${place.column}">line ${place.line}, column ${place.column}</button>`
    : ''
  return `<pre class="cell-log cell-error"><span class="cell-level">${escape(name)}: </span>${escape(message)}</pre>${where}`
}
