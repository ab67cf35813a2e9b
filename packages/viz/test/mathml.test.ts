import { parsePattern, variants } from '@normlab/core'
import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, test } from 'vitest'
import { axesFormula, variantFigure } from '../src/index.ts'

/** `μ_{n,g} = 1/S K ∑_{s,k} x_{n,s,g,k}`: what the first line says, without its markup. */
const lines = (markup: string): string[] =>
  [...markup.matchAll(/<math[\s\S]*?<\/math>/g)].map(([line]) => line.replaceAll(/<[^>]+>/g, ''))

const refuse = (level: string, message: string): never => {
  throw new Error(`${level}: ${message}`)
}

test('the mean keeps what stands after the arrow, and sums over the rest', () => {
  expect(lines(axesFormula('n s (g k) -> n g'))).toEqual([
    'μn,g=1SK∑s,kxn,s,g,k',
    'σn,g2=1SK∑s,k(xn,s,g,k−μn,g)2',
    'yn,s,g,k=xn,s,g,k−μn,gσn,g2+ε',
  ])
  expect(lines(axesFormula('n c ->'))[0]).toBe('μ=1NC∑n,cxn,c')
  expect(lines(axesFormula('n c -> n c'))[0]).toBe('μn,c=xn,c')
})

test('what is done with the statistic follows the record', () => {
  expect(lines(axesFormula('n c -> n', { center: false, scale: 'rms' }))).toEqual([
    'rn2=1C∑c(xn,c)2',
    'yn,c=xn,crn2+ε',
  ])
  expect(lines(axesFormula('n c -> n', { center: false, scale: 'l2' }))[0]).toBe('ℓn=∑cxn,c2')
  expect(lines(axesFormula('n c -> n', { scale: 'none' }))).toEqual(['μn=1C∑cxn,c', 'yn,c=xn,c−μn'])
  expect(lines(axesFormula('n c -> n', { what: 'mask' }))[1]).toBe('yn,c=f(xn,c,mn)')
})

test('every index has the class of its axis, a part its own or its axis’s', () => {
  const markup = axesFormula('(b m) c -> b c')
  for (const part of ['b', 'm'])
    expect(markup).toContain(`<mi class="normlab-axis normlab-axis-n">${part}</mi>`)
  expect(markup).toContain('<mi class="normlab-axis normlab-axis-c">c</mi>')
  expect(axesFormula('n (g k) -> n g')).toContain('normlab-axis-k">k')
})

describe.each(
  variants
    .filter((variant) => (variant.kind === 'noise' ? variant.mask : variant.stats))
    .map((v) => [v.name, v] as const),
)('%s', (_, variant) => {
  test('has a formula that is XML and names all its axes', () => {
    const { pattern, options } = variantFigure(variant)
    const norm =
      variant.kind === 'noise'
        ? {}
        : { center: variant.center, scale: variant.scale, own: Boolean(variant.apply) }
    const markup = axesFormula(pattern, { what: options.what, ...norm })
    expect(() =>
      new DOMParser({ onError: refuse }).parseFromString(`<div>${markup}</div>`, 'text/xml'),
    ).not.toThrow()
    for (const { parts } of parsePattern(pattern).axes)
      for (const part of parts) expect(markup).toContain(`>${part}</mi>`)
  })
})

test('errors name the argument', () => {
  expect(() => axesFormula('n c')).toThrow('pattern: no arrow')
  expect(() => axesFormula(3 as never)).toThrow('pattern: 3')
  expect(() => axesFormula('n c -> n', { scale: 'max' as never })).toThrow('scale: "max"')
  expect(() => axesFormula('n c -> n', { what: 'mean' as never })).toThrow('what: "mean"')
})
