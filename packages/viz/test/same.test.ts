import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { figures, hash } from './figures.ts'

const file = new URL('./same.fixture.json', import.meta.url)
const hashes = Object.fromEntries(Object.entries(figures).map(([name, draw]) => [name, hash(draw())]))
// After an intended change of a drawing: UPDATE_FIGURES=1 npx vitest run packages/viz/test/same.test.ts
if (process.env.UPDATE_FIGURES) writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`)

describe('every figure is the same string each time, and in Node and in the browser', () => {
  const wanted = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  test.each(Object.keys(figures))('%s', (name) => {
    expect(figures[name]()).toBe(figures[name]())
    expect(hashes[name]).toBe(wanted[name])
  })
})
