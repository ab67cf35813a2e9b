import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, test } from 'vitest'
import { strip } from '../src/build/strip.ts'
import { hashFor, readHash } from '../src/element/share.ts'
import { apply } from '../src/sandbox/apply.ts'
import { compile, SourceError } from '../src/sandbox/compiler.ts'

const source = `import { layerNorm, type Tensor } from '@normlab/core'
import type { A } from './a.ts'
// é 👍
interface B { c: string }
const f = <T,>(x: T, y?: Map<string, number>): T => x as T
export const z: number = f(1)!
const late = await import('./late.ts')
console.log(layerNorm, late satisfies object)
`

describe('at build time', () => {
  const { edits, imports } = strip(source)
  test('types become blanks, and no place moves', () => {
    const code = apply(source, edits)
    expect(code).toBe(stripTypeScriptTypes(source))
    expect(code.split('\n').map((line) => line.length)).toEqual(source.split('\n').map((line) => line.length))
  })
  test('imports are found where they stand; those of types are gone', () => {
    expect(imports.map(([, , name]) => name)).toEqual(['@normlab/core', './late.ts'])
    for (const [start, end, name] of imports) expect(source.slice(start, end)).toBe(name)
  })
  test('what cannot be erased is refused', () => expect(() => strip('enum A { b }')).toThrow(/enum/))
  test('an edit may hold a text', () =>
    expect(
      apply('abc\ndef', [
        [0, 2, 'X'],
        [3, 5],
      ]),
    ).toBe('Xc\n ef'))
})

describe('in the sandbox', () => {
  test('places are those of the source', () => {
    const { code, origin } = compile(source)
    const line = code.split('\n').findIndex((each) => each.includes('f(1)'))
    const column = code.split('\n')[line].indexOf('f(1)') + 1
    expect(origin({ line: line + 1, column })).toEqual({ line: 6, column: 26 })
  })
  test('imports that are used alone are kept', () => {
    const { code, imports } = compile(
      "import { a } from 'a'\nimport 'b'\nimport { C } from 'c'\nlet x: C = a",
    )
    expect(imports.map(([start, end, name]) => [code.slice(start, end), name])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ])
  })
  test.each([
    ['const a: = 1', { line: 1, column: 10 }],
    ['let a = 1\nlet b = (', { line: 2, column: 10 }],
    ['const s = `\n${', undefined],
  ])('%s: where it is wrong', (code, place) => {
    const error = (() => {
      try {
        return compile(code)
      } catch (caught) {
        return caught
      }
    })() as SourceError
    expect(error).toBeInstanceOf(SourceError)
    if (place) expect(error.place).toEqual(place)
    expect(error.message).not.toMatch(/cell\.ts|\(\d+:\d+\)/)
  })
})

describe('a link', () => {
  test('holds code and parameters', async () => {
    const code = `${source}👍`
    const hash = await hashFor('shift-watch', { code, params: { n: 5, on: false } })
    expect(hash).toMatch(/^#cell=shift-watch&p\.n=5&p\.on=false&code=[\w-]+&$/)
    expect(await readHash(hash, 'shift-watch')).toEqual({ code, params: { n: 5, on: false } })
    expect(await readHash(hash, 'other')).toBeUndefined()
  })
  test('values that a parameter could not have are left out', async () => {
    const hash = '#cell=a&p.n=99&p.on={}&p.x=[1]&p.y=&p.bad-name=1&p.__proto__=1&'
    expect(await readHash(hash, 'a')).toEqual({ params: { n: 99 } })
  })
  test('is refused where it unfolds to more than a cell', async () => {
    const bomb = await hashFor('a', { code: 'x'.repeat(300_000), params: {} })
    expect(bomb.length).toBeLessThan(1000)
    await expect(readHash(bomb, 'a')).rejects.toThrow('longer than a cell')
  })
  test.each(['%00', '!', 'AAAA', '_'])('is refused where it is damaged: %s', async (code) => {
    await expect(readHash(`#cell=a&code=${code}`, 'a')).rejects.toThrow(/./)
  })
})
