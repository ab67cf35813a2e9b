/** A figure of the reader's own code: an image. There nothing in an SVG runs, loads or reaches the page. */
import { escape } from '../host/html.ts'

const MOST = 3_000_000

export function image(svg: string): string {
  if (svg.length > MOST) return '<p class="cell-note">This figure is too large to show.</p>'
  // Parsed, never put into a document: for its words alone.
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
  if (parsed.querySelector('parsererror') || parsed.documentElement.localName !== 'svg')
    return '<p class="cell-note">This figure is no valid SVG.</p>'
  const words = ['title', 'desc'].map(
    (name) => parsed.querySelector(`svg > ${name}`)?.textContent?.trim() ?? '',
  )
  const alt = words.filter(Boolean).join(' ').slice(0, 2000) || 'A figure without a title'
  return `<img src="${address(svg)}" alt="${escape(alt)}" data-cell-svg>`
}

/** As a data address: opened by itself, it has an origin of its own. */
const address = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(themed(svg))}`

/** The page's tokens do not reach into an image: its figures' fallbacks follow `color-scheme`. */
function themed(svg: string): string {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark')
  return svg.replace(
    '>',
    `><style>:root{color-scheme:${dark ? 'dark' : 'light'};font-variant-numeric:tabular-nums}</style>`,
  )
}

/** After a change of theme. */
export function repaint(images: Iterable<HTMLImageElement>): void {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes('dark')
  for (const element of images)
    element.src = element.src.replace(
      /color-scheme%3A(light|dark)/,
      `color-scheme%3A${dark ? 'dark' : 'light'}`,
    )
}
