import { functions } from '@normlab/docs/activations/functions.ts'
import { expect, test } from 'vitest'
import { boxesOf, findingOf, histogramsOf, networkOf, tableOf } from '../src/activations/drawing.ts'
import { passesAt } from '../src/activations/runs.ts'
import { places, queryOf, start, stateOf, UNITS, type TapState } from '../src/activations/state.ts'

const units = UNITS.flatMap((count, layer) => Array.from({ length: count }, (_, unit) => ({ layer, unit })))
const names = Object.keys(functions) as TapState['activation'][]
const orders = Object.keys(places) as TapState['place'][]

test('the address holds what is set, and forgives what is not there', () => {
  expect(queryOf(start)).toBe('')
  for (const tap of units)
    for (const activation of names)
      for (const place of orders) {
        const state = { ...tap, activation, place, step: 50 }
        expect(stateOf(`?${queryOf(state)}`)).toEqual(state)
      }
  for (const bad of [
    'tap=9.1',
    'tap=1.0',
    'tap=1.6',
    'tap=x',
    'f=constructor',
    'bn=',
    'steps=-1',
    'steps=1e9',
    'steps=',
  ])
    expect(stateOf(`?${bad}`), bad).toEqual(start)
  expect(stateOf('?steps=53').step).toBe(50)
})

test('every unit can be tapped, with every function and in every order', () => {
  for (const activation of names)
    for (const place of orders) {
      const state = { ...start, activation, place, step: 0 }
      const passes = passesAt(state, 0)!
      expect(boxesOf(state, passes).map(({ layer, unit }) => ({ layer, unit }))).toEqual(units)
      for (const tap of units) {
        const tapped = { ...state, ...tap }
        expect(networkOf(tapped, passes, 'a')).toMatch(/^<svg/)
        expect(histogramsOf(tapped, passes, 288, 'a')).toMatch(/^<svg/)
        const hidden = tap.layer === 1 || tap.layer === 2
        expect(tableOf(tapped, passes)).toHaveLength(tap.layer === 0 ? 1 : hidden && place !== 'none' ? 3 : 2)
        expect(findingOf(tapped, passes)).not.toMatch(/NaN|undefined/)
      }
    }
})

test('before training, what BatchNorm gives has mean 0 and standard deviation 1: on its own side of the function', () => {
  for (const [place, at] of [
    ['before', 1],
    ['after', 2],
  ] as const) {
    const state = { ...start, place, step: 0 }
    const rows = tableOf(state, passesAt(state, 0)!)
    expect(rows[at].label).toContain(
      place === 'before' ? 'pre-activation, after BatchNorm' : 'activation, after BatchNorm',
    )
    expect(rows[at].cells.slice(0, 2)).toEqual(['0.00', '1.00'])
    expect(rows[3 - at].cells[0]).not.toBe('0.00')
  }
})

test('a run that takes long is given back to the page, and goes on where it was', () => {
  const state = { ...start, activation: 'silu' as const, step: 100 }
  let waits = 0
  let passes = passesAt(state, 100, 0)
  for (; !passes && waits < 100; waits++) passes = passesAt(state, 100, 0)
  expect(passes).not.toBe(null)
  expect(waits).toBeGreaterThan(0)
})

test('what the finding says of a dead unit, of a linear one and of the input', () => {
  const said = (part: Partial<TapState>): string => {
    const state = { ...start, ...part }
    return findingOf(state, passesAt(state, state.step)!)
  }
  expect(said({ unit: 1 })).toContain('Hidden 2, unit 2 is dead')
  expect(said({ unit: 4 })).toContain('ReLU changes none of them')
  expect(said({})).toContain('ReLU turns 39% of the pre-activations into exactly 0')
  expect(said({ layer: 0, unit: 0 })).toContain('one side only')
  expect(said({ activation: 'none', step: 0 })).toContain('one and the same')
})
