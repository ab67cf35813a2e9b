interface Hit {
  url: string
  meta: { title?: string }
  excerpt: string
  sub_results: { url: string; title: string; excerpt: string }[]
}

interface Pagefind {
  debouncedSearch(words: string): Promise<{ results: { data(): Promise<Hit> }[] } | null>
}

/** Opens a dialog, and only then loads Pagefind's search (its index is written when the site is built). */
class SiteSearch extends HTMLElement {
  #pagefind: Promise<Pagefind> | undefined

  connectedCallback() {
    const button = this.querySelector<HTMLButtonElement>('.open')!
    const dialog = this.querySelector('dialog')!
    button.hidden = false
    button.addEventListener('click', () => this.#open())
    this.querySelector('input')!.addEventListener('input', (event) => {
      void this.#search((event.target as HTMLInputElement).value)
    })
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || (event.target as Element).closest('a')) dialog.close()
    })
    addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'k') return
      event.preventDefault()
      if (dialog.open) dialog.close()
      else this.#open()
    })
  }

  #open() {
    this.querySelector('dialog')!.showModal()
    this.querySelector('input')!.focus()
    const path = '/pagefind/pagefind.js'
    this.#pagefind ??= import(/* @vite-ignore */ path)
  }

  async #search(words: string) {
    const status = this.querySelector('.status')!
    const list = this.querySelector('ol')!
    try {
      const found = await (await this.#pagefind!).debouncedSearch(words)
      if (!found) return // a later key press took over
      const hits = await Promise.all(found.results.slice(0, 8).map((result) => result.data()))
      status.textContent = words
        ? `${found.results.length || 'No'} page${found.results.length === 1 ? '' : 's'} found`
        : ''
      list.replaceChildren(...hits.flatMap((hit) => hit.sub_results.slice(0, 4)).map(item))
    } catch {
      status.textContent =
        'The search index could not be loaded. It is written by the build: in `astro dev` there is none.'
    }
  }
}

function item(hit: Hit['sub_results'][number]): HTMLLIElement {
  const line = document.createElement('li')
  const link = document.createElement('a')
  link.href = hit.url
  link.textContent = hit.title
  const text = document.createElement('p')
  text.innerHTML = hit.excerpt // Pagefind escapes it and adds <mark>
  line.append(link, text)
  return line
}

export const defineSiteSearch = () => customElements.define('site-search', SiteSearch)
