import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { policyOf } from '../src/build/policy.ts'
import { scriptBytes, useBrowser } from './browser.ts'

const { open } = useBrowser()
const dist = join(import.meta.dirname, '../dist')
const pages = globSync('**/*.html', { cwd: dist }).filter((file) => !/^cells[\\/]/.test(file))

test('every built page has the policy of its own scripts, first in its head', () => {
  expect(pages.length).toBeGreaterThan(60)
  for (const page of pages) {
    const html = readFileSync(join(dist, page), 'utf8')
    const [tag, policy] =
      /^[\s\S]*?<head><meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? []
    expect(tag, page).toBeDefined()
    expect(policy, page).toBe(policyOf(html))
    expect(policy).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:|\*)/)
    expect(html, `${page} has a handler in an attribute, which the policy stops`).not.toMatch(
      /<[^>]+\son[a-z]+="/,
    )
  }
})

describe('the policy of a script that is written, and of data', () => {
  test.each([
    ['<script>1</script>', 1],
    ['<script type="module">1</script><script>2</script>', 2],
    ['<script>1</script><script>1</script>', 1],
    ['<script type="application/json">1</script><script src="/a.js"></script>', 0],
  ])('%s', (html, count) => expect(policyOf(html).match(/'sha256-/g) ?? []).toHaveLength(count))
})

test('a script that gets into a page does not run, and nothing goes elsewhere', async () => {
  const page = await open('/shift/')
  const outcome = await page.evaluate(async () => {
    const attempts: Record<string, unknown> = {}
    const script = document.createElement('script')
    script.textContent = 'window.ran = 1'
    document.body.append(script)
    const holder = document.createElement('div')
    holder.innerHTML = '<img src="data:," onerror="window.ran = 2">'
    document.body.append(holder)
    attempts.fetch = await fetch('http://127.0.0.1:9/').then(
      () => 'through',
      () => 'stopped',
    )
    attempts.image = await new Promise((done) => {
      const image = new Image()
      image.addEventListener('load', () => done('through'))
      image.addEventListener('error', () => done('stopped'))
      image.src = 'http://127.0.0.1:9/a.png'
    })
    await new Promise((done) => setTimeout(done, 200))
    return { ...attempts, ran: Reflect.get(window, 'ran') }
  })
  expect(outcome).toEqual({ fetch: 'stopped', image: 'stopped', ran: undefined })
  expect(page.errors.join('\n')).toContain('Content Security Policy')
})

describe('first load, gzipped scripts', () => {
  const notes = globSync('docs/*/page.mdx', { cwd: join(import.meta.dirname, '../../..') }).map(
    (file) => file.split(/[\\/]/)[1]!,
  )
  test.each(['', ...notes, 'variants/group-norm'])('/%s: at most 60 kB', async (path) => {
    const page = await open('about:blank')
    const sizes = await scriptBytes(page, `/${path}`)
    const sum = [...sizes.values()].reduce((total, size) => total + size, 0)
    console.log(`first-load script of /${path}: ${(sum / 1000).toFixed(1)} kB gzip`)
    expect(sum).toBeLessThan(60_000)
    expect([...sizes.keys()].join(' ')).not.toMatch(/element-|compiler|tensorflow|runner/)
  })
})
