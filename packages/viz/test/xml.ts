import { DOMParser, type Document } from '@xmldom/xmldom'
import { expect } from 'vitest'

/** Parses a figure; fails on anything that is not well-formed, on ids that stand twice or lead nowhere, and on NaN. */
export function checkedSvg(svg: string): Document {
  const page = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`)
    },
  }).parseFromString(svg.replaceAll('\ufffd', '?'), 'image/svg+xml')
  expect(page.documentElement!.tagName).toBe('svg')
  const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map((match) => match[1])
  expect(new Set(ids).size).toBe(ids.length)
  const uses = [...svg.matchAll(/(?:url\(#|href="#)([^)"]*)/g)].map((match) => match[1])
  for (const id of [...uses, ...page.documentElement!.getAttribute('aria-labelledby')!.split(' ')])
    expect(ids).toContain(id)
  const attributes = [...svg.matchAll(/ [\w:-]+="([^"]*)"/g)].map((match) => match[1]).join(' ')
  expect(attributes).not.toMatch(/NaN|undefined|Infinity|null/)
  expect(textOf(page)).not.toMatch(/undefined|Infinity|null\b/)
  return page
}

export const textOf = (page: Document): string =>
  [...page.getElementsByTagName('text'), ...page.getElementsByTagName('desc')]
    .map((node) => node.textContent)
    .join('\n')

export const descOf = (page: Document): string => page.getElementsByTagName('desc')[0].textContent!
