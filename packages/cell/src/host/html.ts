/** Outputs as HTML, at build time and live alike. Whatever a cell says stands in text and in quoted attributes alone. */
import { lossCurves } from '@normlab/viz'
import { inspect } from '../text.ts'
import type { ChartOutput, Output } from './collect.ts'
import type { Value } from './values.ts'

export interface HtmlOptions {
  /** Prefix of ids; one of its own for each cell of a page. */
  readonly id: string
  /** A figure as HTML. A page that runs foreign code shows it as an image: see `image`. */
  readonly figure: (svg: string, id: string) => string
  /** Id of the picture further up in the page that shows output `at` already: it is not drawn twice. */
  readonly above?: (at: number) => string | undefined
}

const WIDE = 640
const NARROW = 288

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Everything under a cell: its outputs in their order, then what it exports. */
export function outputHtml(
  outputs: readonly Output[],
  values: Readonly<Record<string, Value>>,
  options: HtmlOptions,
): string {
  const shown = outputs.map((output, i) => {
    const above = options.above?.(i)
    if (above) return `<p class="cell-note">Draws <a href="#${escape(above)}">the picture above</a>.</p>`
    return oneHtml(output, { ...options, id: `${options.id}-${i + 1}` })
  })
  return `${shown.join('')}${valuesHtml(values)}`
}

export function oneHtml(output: Output, options: HtmlOptions): string {
  switch (output.type) {
    case 'log':
      return logHtml(output.level, output.text)
    case 'table':
      return tableHtml(output.rows, output.caption)
    case 'claim':
      return `<p class="cell-claim"><span aria-hidden="true">✓</span> ${escape(output.text)}</p>`
    case 'figure':
      return figureHtml(
        options.figure(output.svg, `${options.id}-w`),
        output.narrow && options.figure(output.narrow, `${options.id}-n`),
        output.caption,
      )
    case 'chart':
      return chartHtml(output, options)
  }
}

const spoken: Readonly<Record<string, string>> = { warn: 'Warning: ', error: 'Error: ' }

const logHtml = (level: string, text: string): string =>
  `<pre class="cell-log cell-${escape(level)}"><span class="cell-level">${spoken[level] ?? ''}</span>${escape(text)}</pre>`

const NUMBER = /^[-−]?[\d.]+(e[-+−]?\d+)?%?$|^[-−]?Infinity$|^NaN$/i

function tableHtml([head = [], ...rows]: readonly (readonly string[])[], caption?: string): string {
  const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => !row[i] || NUMBER.test(row[i])))
  const cell = (tag: string, text: string, i: number) =>
    `<${tag}${numeric[i] ? ' class="cell-number"' : ''}>${escape(text)}</${tag.split(' ')[0]}>`
  const body = rows
    .map((row) => `<tr>${head.map((_, i) => cell('td', row[i] ?? '', i)).join('')}</tr>`)
    .join('')
  const label = escape(caption ?? `Table: ${head.join(', ')}`)
  return (
    `<div class="cell-scroll" tabindex="0" role="group" aria-label="${label}"><table>` +
    (caption ? `<caption>${escape(caption)}</caption>` : '') +
    `<thead><tr>${head.map((text, i) => cell('th scope="col"', text, i)).join('')}</tr></thead><tbody>${body}</tbody></table></div>`
  )
}

/** A figure of one layout scrolls on a phone; one of two does not need to. */
function figureHtml(wide: string, narrow: string | undefined, caption: string | undefined): string {
  const drawn = narrow
    ? `<div class="cell-wide">${wide}</div><div class="cell-narrow">${narrow}</div>`
    : `<div class="cell-scroll cell-fixed" tabindex="0" role="group" aria-label="Figure">${wide}</div>`
  return `<figure class="cell-figure">${drawn}${caption ? `<figcaption>${escape(caption)}</figcaption>` : ''}</figure>`
}

export function chartSvg({ chart, options, series }: ChartOutput, width: number, id: string): string {
  const all = Object.entries(series).map(([name, points]) => ({ name, points, tone: options.tones?.[name] }))
  const y = options.y ?? chart
  return lossCurves(all, {
    id,
    width,
    title: chart,
    xLabel: options.x ?? 'step',
    yLabel: y,
    yScale: options.yScale,
  })
}

const chartHtml = (output: ChartOutput, { id }: HtmlOptions): string =>
  figureHtml(chartSvg(output, WIDE, `${id}-w`), chartSvg(output, NARROW, `${id}-n`), undefined)

const valuesHtml = (values: Readonly<Record<string, Value>>): string =>
  Object.entries(values)
    .map(
      ([name, value]) =>
        `<pre class="cell-log cell-value"><span class="cell-name">${escape(name)}</span> = ${escape(inspect(rounded(value), 1))}</pre>`,
    )
    .join('')

/** Exports hold every digit, for the text to take what it needs; shown are seven. */
function rounded(value: Value): Value {
  if (typeof value === 'number') return Number(value.toPrecision(7))
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(rounded)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item as Value)]))
}

/** For figures of our own code: in the page, with ids that no other figure has. */
export function inline(svg: string, id: string): string {
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
  if (ids.length === 0) return svg
  const known = new Set(ids)
  const renamed = (name: string) => (known.has(name) ? `${id}-${name}` : name)
  return svg
    .replaceAll(/ id="([^"]+)"/g, (_, name: string) => ` id="${renamed(name)}"`)
    .replaceAll(/url\(#([^)]+)\)/g, (_, name: string) => `url(#${renamed(name)})`)
    .replaceAll(/href="#([^"]+)"/g, (_, name: string) => `href="#${renamed(name)}"`)
    .replaceAll(
      / (aria-labelledby|aria-describedby)="([^"]+)"/g,
      (_, name: string, list: string) => ` ${name}="${list.split(' ').map(renamed).join(' ')}"`,
    )
}
