import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parts } from '../cells/workedTable.ts'
import { milder, standstill } from '../cells/exercise.ts'
import { at, recording, slightly, wholeLayer, wholeNetwork } from '../facts.ts'

const { attribution, drift, noise, ranks, curves, quiet, restless } = recording

describe('what the page says in words, held against the recording', () => {
  test('the neuron wanders without normalization, and stays with it', () => {
    const moved = (side: 'without' | 'with') => at(side, 'last').mean - at(side, 'first').mean
    expect(Math.abs(moved('without'))).toBeGreaterThan(5 * Math.abs(moved('with')))
    expect(at('without', 'last').std).toBeGreaterThan(2 * at('without', 'first').std)
    for (const which of ['first', 'last'] as const) {
      expect(Math.abs(at('with', which).mean)).toBeLessThan(0.3)
      expect(Math.abs(at('with', which).std - 1)).toBeLessThan(0.2)
    }
  })

  test('the layer as a whole hardly moves without normalization, but spreads', () => {
    const [first, last] = [at('without', 'first', wholeLayer), at('without', 'last', wholeLayer)]
    expect(Math.abs(last.mean - first.mean)).toBeLessThan(0.15 * first.std)
    expect(last.std).toBeGreaterThan(1.5 * first.std)
  })

  test('examples overtake each other with BatchNorm too', () => {
    expect(ranks.with.correlation).toBeLessThan(0.9)
    expect(ranks.with.correlation).toBeGreaterThan(ranks.without.correlation)
  })

  test('after ReLU neither mean 0 nor standard deviation 1', () => {
    const { mean, std } = at('with', 'last', { ...wholeNetwork, side: 'post' })
    expect(mean).toBeGreaterThan(0.3)
    expect(std).toBeLessThan(0.8)
  })

  test('own and upstream push the same way, the joint part is as large, and the order decides which is larger', () => {
    const { ownFirst, upstreamFirst, upstreamAfter, ownAfter, joint } = attribution.without.mean
    expect(Math.min(ownFirst, upstreamFirst, joint)).toBeGreaterThan(0)
    expect(joint).toBeGreaterThan(0.95 * Math.max(ownFirst, upstreamFirst))
    expect(upstreamAfter).toBeGreaterThan(ownFirst)
    expect(ownAfter).toBeGreaterThan(upstreamFirst)
    expect(Math.abs(attribution.with.mean.total)).toBeLessThan(0.1 * attribution.without.mean.total)
  })

  test('shift against noise', () => {
    expect(noise.without.moved).toBeGreaterThan(2 * noise.without.batchMeans)
    expect(noise.without.perEpoch).toBeLessThan(noise.without.batchMeans)
    expect(noise.with.moved).toBeLessThan(noise.with.batchMeans)
    expect(noise.companyOfFour).toBeGreaterThan(2 * noise.company)
  })

  test('without normalization each layer moves more than the one below; with BatchNorm the last less than the first', () => {
    drift.without.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(drift.without[i]))
    expect(drift.with.at(-1)!).toBeLessThan(drift.with[0])
  })

  test('the calm network guesses, the one that drifts learns', () => {
    expect(quiet.accuracy.without).toBeCloseTo(1 / 3, 1)
    expect(quiet.accuracy.with).toBeGreaterThan(0.85)
    expect(quiet.drift.with[0]).toBeGreaterThan(100 * quiet.drift.without[0])
  })

  test('under LayerNorm neurons move several times as far as under BatchNorm, and it learns as well', () => {
    expect(restless.drift.with.at(-1)!).toBeGreaterThan(5 * drift.with.at(-1)!)
    expect(restless.accuracy.with).toBeGreaterThan(0.98)
  })

  test('both get everything right; BatchNorm is ahead early and behind in training loss at the end', () => {
    expect([curves.without.accuracy.at(-1), curves.with.accuracy.at(-1)]).toEqual([1, 1])
    expect(curves.with.accuracy[1]).toBeGreaterThan(curves.without.accuracy[1])
    expect(curves.with.loss[0]).toBeLessThan(curves.without.loss[0])
    expect(curves.with.loss.at(-1)!).toBeGreaterThan(2 * curves.without.loss.at(-1)!)
  })

  test('the worked example and exercise 2', () => {
    expect(parts.ownFirst).toBeLessThan(0)
    expect(parts.upstreamFirst).toBeGreaterThan(0)
    expect(slightly.mean).toBeCloseTo(0.3, 12)
    expect(slightly.std).toBeCloseTo(0.5, 12)
    expect(milder.upstreamAfter).toBeGreaterThan(-milder.ownFirst)
    expect(standstill * 3.25).toBeCloseTo(1.25, 12)
  })
})

test('no measured number is typed into the page: each comes out of the recording or of a cell', () => {
  const page = readFileSync(join(import.meta.dirname, '../page.mdx'), 'utf8')
  const prose = page
    .replace(/^---[\s\S]*?\n---/, '')
    .replaceAll(/^(import|export) .*$/gm, '')
    .replaceAll(/\$\$[\s\S]*?\$\$/g, '')
    .replaceAll(/\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, '')
    .replaceAll(/\]\([^)]*\)/g, '')
  // What stays are the inputs of the worked example and of exercise 2, which are given, not measured.
  const given = ['0.5', '2.5', '0.3', '0.5', '0.4']
  expect(prose.match(/\d+\.\d+|\d+ ?%/g)).toEqual(given)
})
