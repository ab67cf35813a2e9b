/** Links of the built pages: each leads to a page, and to a place in it; and the notes can be read from start to end. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { notes } from '../src/notes.ts'

const dist = join(import.meta.dirname, '../dist')
const fileOf = (path: string): string => join(dist, path, path.endsWith('/') ? 'index.html' : '')
const html = (file: string): string => readFileSync(file, 'utf8')

test('every link of the site leads somewhere', () => {
  const idsOf = new Map<string, Set<string>>()
  const has = (file: string, id: string): boolean => {
    if (!idsOf.has(file))
      idsOf.set(file, new Set([...html(file).matchAll(/\sid="([^"]+)"/g)].map(([, found]) => found)))
    return idsOf.get(file)!.has(id)
  }
  const broken = new Set<string>()
  let checked = 0
  for (const name of globSync('**/index.html', { cwd: dist })) {
    const page = join(dist, name)
    for (const [, href] of html(page).matchAll(/<a\s[^>]*?href="((?:\/(?!\/)|#)[^"]*)"/g)) {
      const { pathname, hash } = new URL(
        href.replaceAll('&amp;', '&'),
        `http://site/${name.replace('index.html', '')}`,
      )
      const target = fileOf(pathname)
      checked++
      if (!existsSync(target)) broken.add(`${name}: ${href}`)
      else if (hash && target.endsWith('.html') && !has(target, decodeURIComponent(hash.slice(1))))
        broken.add(`${name}: ${href}`)
    }
  }
  expect([...broken]).toEqual([])
  expect(checked).toBeGreaterThan(1000)
})

test('previous and next lead through the notes in their order', () => {
  const of = (slug: string, rel: string): string | undefined =>
    new RegExp(`<a href="([^"]*)" rel="${rel}"`).exec(html(fileOf(`/${slug}/`)))?.[1]
  for (const [i, { slug }] of notes.entries()) {
    expect(of(slug, 'prev'), `before ${slug}`).toBe(i ? `/${notes[i - 1].slug}/` : '/')
    if (i < notes.length - 1) expect(of(slug, 'next'), `after ${slug}`).toBe(`/${notes[i + 1].slug}/`)
  }
  const pages = globSync('*/page.mdx', { cwd: join(import.meta.dirname, '../../../docs') }).map(
    (file) => file.split(/[\\/]/)[0],
  )
  expect([...notes.map(({ slug }) => slug), 'conventions'].toSorted()).toEqual(pages.toSorted())
})
