/** Filters and sorts the list of variants. Without it the list stands there whole, by family. The state is in the address. */
class VariantList extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')!
    const query = new URLSearchParams(location.search)
    form.removeAttribute('data-waiting')
    for (const control of this.#controls(form)) control.value = query.get(control.name) ?? control.value
    form.addEventListener('input', () => this.#apply(form, true))
    form.addEventListener('submit', (event) => event.preventDefault())
    form.addEventListener('reset', () => setTimeout(() => this.#apply(form, true)))
    this.#apply(form, false)
  }

  #controls = (form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement)[] => [
    ...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]'),
  ]

  #apply(form: HTMLFormElement, write: boolean): void {
    const chosen = Object.fromEntries(this.#controls(form).map(({ name, value }) => [name, value]))
    const words = chosen.find.toLowerCase().split(/\s+/).filter(Boolean)
    const byFamily = chosen.sort === 'family'
    const rows = [...this.querySelectorAll<HTMLElement>('[data-flat] > [data-words]')]
    const fits = ({ dataset }: HTMLElement): boolean =>
      words.every((word) => dataset.words!.includes(word)) &&
      (!chosen.kind || dataset.kind === chosen.kind) &&
      (!chosen.ships || dataset.ships!.split(' ').includes(chosen.ships))
    for (const item of this.querySelectorAll<HTMLElement>('[data-words]')) item.hidden = !fits(item)
    for (const family of this.querySelectorAll<HTMLElement>('[data-family]'))
      family.hidden = !family.querySelector('[data-words]:not([hidden])')
    const flat = this.querySelector<HTMLElement>('[data-flat]')!
    flat.hidden = byFamily
    this.querySelector<HTMLElement>('[data-families]')!.hidden = !byFamily
    const order = (a: HTMLElement, b: HTMLElement): number =>
      (chosen.sort === 'year' ? Number(a.dataset.year) - Number(b.dataset.year) : 0) ||
      (chosen.sort === 'newest' ? Number(b.dataset.year) - Number(a.dataset.year) : 0) ||
      a.dataset.name!.localeCompare(b.dataset.name!)
    if (!byFamily) flat.append(...rows.toSorted(order))
    const count = rows.filter((row) => !row.hidden).length
    this.querySelector('output')!.textContent =
      count === rows.length ? `${count} variants` : `${count || 'none'} of ${rows.length} variants`
    if (!write) return
    const query = new URLSearchParams(
      Object.entries(chosen).filter(([name, value]) => value && !(name === 'sort' && value === 'family')),
    )
    history.replaceState(null, '', query.size ? `?${query}` : location.pathname)
  }
}

customElements.define('variant-list', VariantList)
