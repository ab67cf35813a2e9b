import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MATH, TEXT } from '../src/build/fonts.ts'

const pages = globSync('dist/**/*.html', { cwd: join(import.meta.dirname, '..') }).map((file) =>
  readFileSync(join(import.meta.dirname, '..', file), 'utf8'),
)
const all = pages.join('')
const formulas = all.match(/<math\b.*?<\/math>/gs) ?? []
const texts = all.split(/<math\b.*?<\/math>|<script\b.*?<\/script>|<style\b.*?<\/style>/s)

/** Signs that the fonts' makers have not drawn, for any font of the machine; and what stands for a line's end in a copy button. */
const ANY = '\n✓◆\u007f'

test.each([
  ['text', texts, TEXT],
  ['formulas', formulas, MATH],
])('%s: the fonts have every sign', (_, parts, has) => {
  expect(parts.length).toBeGreaterThan(10)
  const used = new Set(parts.join(''))
  expect([...used].filter((sign) => !has.includes(sign) && !ANY.includes(sign))).toEqual([])
})
