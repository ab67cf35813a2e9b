/** The style of a cell, for the page and for the element outside of it. Colours are those of @normlab/viz, with fallbacks. */
export const cellCss = `
norm-cell { display: block; margin-block: 1.5rem; font-family: var(--normlab-font, system-ui, sans-serif); font-size: .95rem }
norm-cell [hidden] { display: none !important }
norm-cell pre { margin: 0 }
.cell-output { margin-top: .5rem; padding: .25rem 0 .25rem .9rem; border-left: 3px solid var(--normlab-grid, #ccc); line-height: 1.45; max-width: 100% }
.cell-output:not(:has(*)) { display: none }
.cell-output > * { margin: .35rem 0 }
pre.cell-log { overflow-wrap: anywhere; white-space: pre-wrap; font: .85rem/1.45 var(--normlab-mono, ui-monospace, monospace); color: var(--normlab-ink, inherit); background: none; border: 0; padding: 0 }
pre.cell-warn { color: var(--normlab-without, #9a6200) }
pre.cell-error { color: var(--cell-alarm, light-dark(#b3261e, #ff9d94)) }
pre.cell-debug, .cell-value .cell-name { color: var(--normlab-muted, #596170) }
.cell-level { font-weight: 600 }
.cell-claim span { color: var(--normlab-axis-s, #0a7152); font-weight: 700 }
.cell-scroll { overflow-x: auto; max-width: 100% }
.cell-scroll table { display: table; width: auto; margin: 0; border-collapse: collapse; font-size: .9rem; white-space: nowrap }
.cell-scroll caption { padding-bottom: .25rem; font-weight: 600; text-align: start }
.cell-scroll :is(td, th) { padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--normlab-grid, #ccc); text-align: start; font-weight: 400 }
.cell-scroll thead th { font-weight: 600 }
.cell-scroll .cell-number { text-align: end; font-variant-numeric: tabular-nums }
.cell-figure { margin: .5rem 0 }
.cell-figure :is(svg, img) { display: block; max-width: 100%; height: auto }
.cell-figure .cell-fixed :is(svg, img) { max-width: none }
.cell-figure figcaption { margin-top: .35rem; max-width: 38rem; line-height: 1.45 }
.cell-narrow { display: none }
.cell-note { color: var(--normlab-muted, #596170); font-size: .9rem }
@media (max-width: 42rem) { .cell-narrow { display: block } .cell-wide { display: none } }
`
