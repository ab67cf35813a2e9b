/** Registers `<norm-cell>`. This much is loaded with a page; the rest comes when a reader uses a cell. */
import type { LiveCell } from './live.ts'

// oxlint-disable-next-line no-extraneous-class -- in Node the class can be named, though not made
const Base = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement)

/**
 * `<norm-cell><pre>code</pre></norm-cell>`: code that a reader runs and edits, in a sandbox. Attributes: `library`, the address
 * of a `library.json`; default: the one beside this script.
 */
export class CellElement extends Base {
  #live: Promise<LiveCell> | undefined

  connectedCallback(): void {
    this.addEventListener('click', this)
    this.addEventListener('change', this)
    this.addEventListener('input', this)
    addEventListener('hashchange', this)
    // While the page is being read, the element may be there before what is in it.
    if (document.readyState === 'loading')
      document.addEventListener('DOMContentLoaded', () => this.#begin(), { once: true })
    else this.#begin()
  }

  disconnectedCallback(): void {
    removeEventListener('hashchange', this)
    void this.#live?.then((live) => live.stop())
  }

  /** A page that was built with its bar needs nothing more until somebody presses a button. */
  #begin(): void {
    if (!this.querySelector('.cell-bar') || this.#isShared()) void this.live()
  }

  handleEvent({ type, target }: Event): void {
    if (type === 'hashchange') {
      if (this.#isShared()) void this.live().then((live) => live.openLink())
      return
    }
    const button = type === 'click' && (target as Element).closest<HTMLElement>('[data-cell-act]')
    const control = type !== 'click' && (target as Element).closest('.cell-params')
    if (button) void this.live().then((live) => live.act(button.dataset.cellAct!))
    else if (control) void this.live().then((live) => live.paramChanged(type === 'change'))
  }

  live(): Promise<LiveCell> {
    return (this.#live ??= import('./live.ts').then(
      ({ LiveCell }) => new LiveCell(this),
      (error: unknown) => {
        this.#live = undefined
        const status = this.querySelector('.cell-status')
        if (status)
          status.textContent = 'Not loaded: is the network there? Press again, or load the page anew.'
        throw error
      },
    ))
  }

  #isShared(): boolean {
    return this.id !== '' && location.hash.startsWith(`#cell=${encodeURIComponent(this.id)}&`)
  }
}

if (globalThis.customElements && !customElements.get('norm-cell'))
  customElements.define('norm-cell', CellElement)

declare global {
  interface HTMLElementTagNameMap {
    'norm-cell': CellElement
  }
}
