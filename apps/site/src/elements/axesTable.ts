/** Makes the table of /axes/ editable. The arithmetic, core's, is loaded with the first change, or with a link that holds one. */
import { writeAddress } from '../axes/address.ts'

class AxesTable extends HTMLElement {
  #rows: number[][] = []
  #at: readonly [row: number, column: number] = [0, 0]
  #asked = 0

  connectedCallback(): void {
    this.#rows = [...this.querySelectorAll('[data-x] tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => Number(textContent)),
    )
    this.#build()
    this.addEventListener('input', (event) => this.#onInput(event.target as HTMLInputElement))
    this.addEventListener('focusin', (event) => {
      const { row, column } = (event.target as HTMLElement).dataset
      if (row === undefined || column === undefined) return
      this.#at = [Number(row), Number(column)]
      void this.#draw()
    })
    this.querySelector('select')!.addEventListener('change', (event) => {
      const count = Number((event.target as HTMLSelectElement).value)
      this.#rows = Array.from({ length: count }, (_, r) => this.#rows[r] ?? [2 * r, 5 - r, 10 * r])
      this.#at = [Math.min(this.#at[0], count - 1), this.#at[1]]
      this.#build()
      void this.#draw(true)
    })
    const linked = new URLSearchParams(location.search).get('table')
    if (linked !== null) void this.#open(linked)
  }

  async #open(linked: string): Promise<void> {
    const { rowsOf } = await import('../axes/table.ts')
    const rows = rowsOf(linked)
    if (!rows) return
    this.#rows = rows
    this.#build()
    await this.#draw()
  }

  /** Inputs in place of the numbers. */
  #build(): void {
    this.querySelector('select')!.value = String(this.#rows.length)
    this.querySelector('[data-x]')!.replaceChildren(
      ...this.#rows.map((row, r) => {
        const line = document.createElement('tr')
        const name = 'ABCD'[r]
        line.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: name }))
        for (const [c, value] of row.entries()) {
          const input = document.createElement('input')
          Object.assign(input, {
            type: 'number',
            step: 'any',
            value: String(value),
            required: true,
            ariaLabel: `x${c + 1} of ${name}`,
          })
          Object.assign(input.dataset, { row: r, column: c })
          line.insertCell().append(input)
        }
        return line
      }),
    )
  }

  #onInput(input: HTMLInputElement): void {
    const { row, column } = input.dataset
    if (row === undefined || column === undefined) return
    const value = input.valueAsNumber
    const good = Number.isFinite(value) && Math.abs(value) <= 1e6
    if (good) input.removeAttribute('aria-invalid')
    else input.setAttribute('aria-invalid', 'true')
    this.querySelector('[role=alert]')!.textContent = good
      ? ''
      : 'Give a number from −1,000,000 to 1,000,000.'
    if (!good) return
    this.#rows[Number(row)][Number(column)] = value
    void this.#draw(true)
  }

  async #draw(changed = false): Promise<void> {
    const asked = ++this.#asked
    if (changed) writeAddress(['table'], new URLSearchParams({ table: this.#rows.map(String).join(';') }))
    const { pictureOf, printed, resultOf, ways } = await import('../axes/table.ts')
    if (asked !== this.#asked) return
    for (const way of ways) {
      const side = this.querySelector<HTMLElement>(`[data-way=${way.key}]`)!
      const picture = side.querySelector<HTMLElement>('[data-picture]')!
      picture.innerHTML = pictureOf(
        way,
        this.#rows,
        this.#at,
        Math.max(200, Math.min(420, picture.clientWidth)),
      )
      const y = resultOf(way, this.#rows)
      side.querySelector('tbody')!.replaceChildren(
        ...y.map((row, r) => {
          const line = document.createElement('tr')
          line.append(Object.assign(document.createElement('th'), { scope: 'row', textContent: 'ABCD'[r] }))
          for (const [c, value] of row.entries()) {
            const cell = line.insertCell()
            cell.textContent = printed(value)
            cell.classList.toggle('with', way.key === 'batch' ? c === this.#at[1] : r === this.#at[0])
          }
          return line
        }),
      )
    }
    const [r, c] = this.#at
    this.querySelector('[data-says]')!.textContent =
      `x${c + 1} of ${'ABCD'[r]}, ${this.#rows[r][c]}, becomes ${ways.map((way) => `${printed(resultOf(way, this.#rows)[r][c])} under ${way.name}`).join(' and ')}.`
  }
}

customElements.define('axes-table', AxesTable)
