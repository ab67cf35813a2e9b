import type { CsvTable } from '@normlab/docs/shift/experiment/csv.ts'
import { readFile } from './csvFile.ts'

/** Takes a CSV by the file button or by a drop anywhere on the lab. */
export class CsvInput {
  table: CsvTable | undefined
  readonly #root: HTMLElement
  readonly #input: HTMLInputElement
  readonly #onTable: () => void

  constructor(root: HTMLElement, onTable: () => void) {
    this.#root = root
    this.#onTable = onTable
    this.#input = root.querySelector<HTMLInputElement>('[data-csv] input')!
    this.#input.addEventListener('change', () => this.#take(this.#input.files?.[0]))
    root.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      root.classList.add('dropping')
    })
    root.addEventListener('dragleave', (event) => {
      if (!root.contains(event.relatedTarget as Node)) root.classList.remove('dropping')
    })
    root.addEventListener('drop', (event) => {
      event.preventDefault()
      root.classList.remove('dropping')
      void this.#take(event.dataTransfer?.files[0])
    })
  }

  show(visible: boolean) {
    this.#root.querySelector<HTMLElement>('[data-csv]')!.hidden = !visible
  }

  ask() {
    this.#say('Choose a CSV file first, or other data.', true)
    this.#input.focus()
  }

  async #take(file: File | undefined) {
    if (!file) return
    const { table, message, failed } = await readFile(file)
    this.#input.value = '' // the same file, mended, may be chosen again
    this.show(true)
    this.#say(message, failed)
    if (!table) return
    this.table = table
    this.#onTable()
  }

  #say(message: string, failed: boolean) {
    const said = this.#root.querySelector<HTMLElement>('[data-csv-message]')!
    said.textContent = message
    said.classList.toggle('failed', failed)
    this.#input.toggleAttribute('aria-invalid', false)
    if (failed) this.#input.setAttribute('aria-invalid', 'true')
  }
}
