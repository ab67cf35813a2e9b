/** What every figure has: a surface, a title, a description, text above and below, ids of its own. */
import { NormlabError } from '@normlab/core'
import { show } from './show.ts'
import { token } from '../tokens.ts'
import { escape, hash, tag, text } from './svg.ts'
import { BOLD, wrap } from './text.ts'

export interface FrameOptions {
  /** Prefix of every id in the figure. Default: a hash of the figure. Give one where the same figure stands twice on a page. */
  id?: string
  /** Width in px; the figure is laid out for it, from 200 to 4000. Default 640. */
  width?: number
  /** A heading, drawn above the figure and read out first. */
  title?: string
}

export const SMALL = 11
export const BODY = 12.5
export const HEADING = 14.5

/** @throws NormlabError naming `width`. */
export function checkedWidth(width: unknown = 640): number {
  if (typeof width !== 'number' || !(width >= 200 && width <= 4000))
    throw new NormlabError('width', show(width), 'Give a number of pixels from 200 to 4000')
  return Math.round(width)
}

/** @throws NormlabError naming `argument` when `value` is not a number in [min, max]. */
export function checkedNumber(argument: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw new NormlabError(argument, show(value), `Give a number from ${min} to ${max}`)
  return value
}

/** @throws NormlabError when `value` is given and is none of `values`. */
export function choice(argument: string, value: unknown, values: readonly unknown[]): void {
  if (value !== undefined && !values.includes(value))
    throw new NormlabError(argument, show(value), `Give ${values.map(show).join(' or ')}`)
}

export interface Frame {
  id?: string
  width: number
  height: number
  /** For `<title>`. */
  title: string
  /** For `<desc>`: the finding, in numbers. */
  description: string
  /** Drawn content; `id` is the prefix of ids to define and to refer to. */
  body: (id: string) => string
}

export function frame({ id, width, height, title, description, body }: Frame): string {
  if (id !== undefined && !/^[A-Za-z][\w-]*$/.test(id))
    throw new NormlabError('id', show(id), 'Give a letter, then letters, digits, - and _')
  const prefix = id ?? `normlab-${hash(`${width} ${title} ${description}${body('')}`)}`
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'normlab',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      width: String(Math.ceil(width)),
      height: String(Math.ceil(height)),
      role: 'img',
      'aria-labelledby': `${prefix}-title ${prefix}-desc`,
      'font-family': 'var(--normlab-font, system-ui, sans-serif)',
      'font-size': String(BODY),
      fill: token('ink'),
    },
    tag('title', { id: `${prefix}-title` }, escape(title)) +
      tag('desc', { id: `${prefix}-desc` }, escape(description)) +
      tag('rect', { width: Math.ceil(width), height: Math.ceil(height), fill: token('surface') }) +
      body(prefix),
  )
}

/** Wrapped lines from `y` down, and the height that they take. */
export function paragraph(
  x: number,
  y: number,
  width: number,
  content: string,
  { size = BODY, color = token('ink'), weight }: { size?: number; color?: string; weight?: string } = {},
): { markup: string; height: number } {
  const lines = wrap(content, weight ? size * BOLD : size, width)
  const step = Math.round(size * 1.4)
  const markup = lines
    .map((words, i) =>
      text(x, y + step * i + size, words, { 'font-size': String(size), fill: color, 'font-weight': weight }),
    )
    .join('')
  return { markup, height: lines.length * step }
}

/** What a figure says where it has nothing to draw. */
export const nothing = (x: number, y: number, words: string): string =>
  text(x, y, words, { 'font-size': String(SMALL), fill: token('muted') })

/** Light behind text that stands on a drawing. */
export const halo = {
  stroke: token('surface'),
  'stroke-width': '3',
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
}
