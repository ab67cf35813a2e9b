/** The style of a cell, for the page and for the element outside of it. Colours are those of @normlab/viz, with fallbacks. */
export const cellCss = `
norm-cell { display: block; margin-block: 1.5rem; font-family: var(--normlab-font, system-ui, sans-serif); font-size: .95rem }
norm-cell [hidden] { display: none !important }
norm-cell pre { margin: 0 }
pre.cell-code { overflow-x: auto; padding: .75rem 1rem; background: var(--normlab-raised, light-dark(#f4f5f8, #20242b)); font: .85rem/1.6 var(--normlab-mono, ui-monospace, monospace) }
.cell-unfold { display: inline-flex; gap: .4rem; align-items: center; min-height: 1.9rem; font-size: .9rem; cursor: pointer }
.cell-unfold input { width: 1.5rem; height: 1.5rem; margin: 0; accent-color: var(--normlab-axis-n, #0b66a8) }
.cell-code[hidden] + .cell-editor + .cell-unfold { display: none }
@media screen and (scripting: enabled) { norm-cell:not(:has(.cell-unfold :checked)) .cell-long { max-height: 25rem; overflow: clip; mask-image: linear-gradient(#000 calc(100% - 5rem), #0002) } }
@media print { .cell-unfold { display: none } }
@media (scripting: none) { .cell-unfold { display: none } }
.cell-bar { display: flex; flex-wrap: wrap; gap: .4rem .5rem; align-items: center; margin-top: .5rem }
.cell-bar button { min-width: 3.6rem; min-height: 2.1rem; padding: 0 .8rem; border: 1px solid var(--normlab-rule, #868e9c); border-radius: 3px; background: none; color: var(--normlab-ink, inherit); font: inherit; font-size: .9rem; cursor: pointer }
.cell-bar :is([data-cell-act=run], [data-cell-act=stop]) { border-color: var(--normlab-axis-n, #0b66a8); color: var(--normlab-axis-n, #0b66a8); font-weight: 600 }
.cell-bar [data-cell-act=run] { background: var(--normlab-axis-n, #0b66a8); color: var(--normlab-surface, #fff) }
.cell-bar button:hover { text-decoration: underline }
.cell-status { flex: 1 1 12rem; min-width: 0; color: var(--normlab-muted, #596170); font-size: .9rem; line-height: 1.35 }
.cell-progress { flex: 1 1 100%; height: .4rem; accent-color: var(--normlab-axis-n, #0b66a8) }
.cell-params { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: .6rem }
.cell-params label { display: flex; flex-direction: column; gap: .15rem; font-size: .9rem }
.cell-params .cell-check { flex-direction: row; align-items: center; gap: .5rem }
.cell-params span { display: inline-flex; gap: .5rem; align-items: center; font-variant-numeric: tabular-nums }
.cell-params :is(input, select) { min-height: 1.9rem; accent-color: var(--normlab-axis-n, #0b66a8); color: var(--normlab-ink, inherit); font: inherit }
.cell-params :is(input[type=number], select) { padding: 0 .4rem; border: 1px solid var(--normlab-rule, #868e9c); border-radius: 3px; background: var(--normlab-surface, transparent) }
.cell-params input[type=checkbox] { min-height: 0; width: 1.5rem; height: 1.5rem }
.cell-origin { margin: 0 0 .5rem; padding: .5rem .75rem; border-left: 3px solid var(--cell-alarm, light-dark(#b3261e, #ff9d94)); background: var(--normlab-raised, light-dark(#f4f5f8, #20242b)) }
.cell-problems { margin: .5rem 0; padding: 0; list-style: none }
.cell-problems li + li { margin-top: .4rem }
.cell-bad { background: color-mix(in srgb, var(--cell-alarm, #b3261e) 18%, transparent) }
.cell-place { min-height: 1.6rem; padding: 0; border: 0; background: none; color: var(--normlab-axis-n, #0b66a8); font: inherit; text-decoration: underline; cursor: pointer }
@media (scripting: none) { :is(.cell-bar, .cell-params) { display: none } }
@media print { :is(.cell-bar, .cell-params, .cell-origin) { display: none } .cell-output { break-inside: avoid } }
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
.cell-note a { color: var(--normlab-axis-n, #0b66a8) }
@media (max-width: 42rem) { .cell-narrow { display: block } .cell-wide { display: none } }
`
