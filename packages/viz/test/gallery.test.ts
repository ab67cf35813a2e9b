/** The gallery is whole: every figure, every edge, all of them drawn. */
import { describe, expect, test } from 'vitest'
import * as viz from '../src/index.ts'
import { figures } from './figures.ts'
import { edges, gallery, notFigures, ownerOf, usualOf } from './gallery.ts'
import { checkedSvg } from './xml.ts'

test('every function of viz is a figure of the gallery, or is listed as none', () => {
  const functions = Object.entries(viz).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  )
  expect([...Object.keys(gallery), ...notFigures].toSorted(), 'add it to edges/, or to notFigures').toEqual(
    functions.toSorted(),
  )
})

test('every usual drawing belongs to a figure, and every figure has one', () => {
  expect(Object.keys(figures).filter((key) => !ownerOf(key))).toEqual([])
  expect(Object.keys(gallery).filter((name) => !usualOf(name).length)).toEqual([])
})

describe.each(Object.entries(gallery))('%s', (_name, cases) => {
  test.each(Object.keys(edges) as (keyof typeof edges)[])('%s', (edge) => {
    const draw = cases[edge]
    if (typeof draw === 'string') expect(draw).toMatch(/^[A-Z].{15,}\.$/)
    else checkedSvg(draw(288))
  })
})
