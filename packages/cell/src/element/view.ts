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

export class View {
  collected = new Collected()
  #dropped = 0
  #shown = 0
  #pending = 0
  #tail: string[] = []
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
    cancelAnimationFrame(this.#pending)
    this.#pending = 0
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

  finish(values: Readonly<Record<string, Value>>): void {
    this.#end(outputHtml([], values, this.#options('values')))
  }

  fail(failure: Failure): void {
    this.#end(`<div class="cell-failure">${failureHtml(failure)}</div>`)
  }

  #options(id: string | number) {
    return { id: `${this.#id}-live-${id}`, figure: image }
  }

  /** What stands last, when all else is drawn. */
  #end(html: string): void {
    this.#tail.push(html)
    if (this.#changed.size === 0 && !this.#pending) this.#draw()
    else this.#schedule()
  }

  #schedule(): void {
    this.#pending ||= requestAnimationFrame(() => {
      this.#pending = 0
      this.#draw()
    })
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
    for (const html of this.#tail) this.#append(html)
    this.#tail = []
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
