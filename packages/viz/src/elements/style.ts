/** A constructed sheet, because a strict content security policy allows it where it forbids `<style>`. */
const CSS = `
norm-axes, norm-ridgeline { display: block }
.normlab-figure { margin: 0 }
.normlab-plot { overflow-x: auto }
.normlab-plot svg { display: block }
.normlab-plot [data-cell], .normlab-plot [data-index] { cursor: pointer }
.normlab-step { display: flex; align-items: center; gap: 0.375rem; margin: 0.375rem 0; min-height: 2rem }
.normlab-step[hidden] { display: none }
.normlab-button { min-width: 2rem; min-height: 2rem; flex: none }
.normlab-status { margin: 0 0 0 0.375rem; font-size: 0.875rem }
.normlab-caption, .normlab-details { font-size: 0.9375rem; margin: 0.375rem 0 }
.normlab-details > summary { min-height: 1.5rem; cursor: pointer }
.normlab-scroll { overflow-x: auto }
.normlab-table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.875rem }
.normlab-table :is(td, th) { padding: 0.25rem 0.75rem 0.25rem 0; text-align: right; border-bottom: 1px solid var(--normlab-grid, currentColor) }
.normlab-table :is(td, th):first-child { text-align: left }
.normlab-error { margin: 0; padding: 0.5rem 0.75rem; border: 2px solid currentColor; color: var(--normlab-ink, inherit); background: var(--normlab-raised, transparent) }
`

let sheet: CSSStyleSheet | null = null

export function adopt(page: Document): void {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
  }
  if (!page.adoptedStyleSheets.includes(sheet)) page.adoptedStyleSheets.push(sheet)
}
