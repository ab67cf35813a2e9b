import { describe, expect, test } from 'vitest'
import { defaultState, fieldNames, fields, sameRun, type PageState } from '../experiment/fields.ts'
import { readState, valueOf, writeState } from '../experiment/state.ts'

test('the first state needs no query, and an empty query is the first state', () => {
  expect(writeState(defaultState)).toBe('')
  expect(readState('')).toEqual({ state: defaultState, notes: [] })
})

test('every default is a value that its own field takes', () => {
  for (const name of fieldNames)
    expect(valueOf(fields[name], String(defaultState[name]))).toBe(defaultState[name])
})

test.each<Partial<PageState>>([
  { data: 'moons', norm: 'group', activation: 'tanh', depth: 3, layer: 2, width: 8, unit: 8 },
  { batch: 256, rate: 0.0003, epochs: 100, seed: 0 },
  { scope: 'network', side: 'post' },
  { data: 'csv', norm: 'none', rate: 10 },
])('%o goes into the address and comes back', (change) => {
  const state = { ...defaultState, ...change }
  expect(readState(writeState(state))).toEqual({ state, notes: [] })
})

test('the query is readable', () => {
  expect(writeState({ ...defaultState, norm: 'layer', rate: 0.5 })).toBe('?norm=layer&rate=0.5')
})

describe('a bad value is refused with a note, and its default stands', () => {
  test.each([
    ['?rate=fast', /rate to “fast”; a number from 0.0001 to 10 would do/],
    ['?rate=0', /a number from 0.0001 to 10/],
    ['?rate=Infinity', /a number from/],
    ['?rate=', /a number from/],
    ['?rate=0x1', /a number from/],
    ['?batch=1', /a whole number from 2 to 256/],
    ['?batch=3.5', /a whole number/],
    ['?epochs=1e9', /a whole number from 1 to 100/],
    ['?norm=weird', /one of none, batch, layer, group, rms/],
    ['?norm=constructor', /one of none/],
    ['?seed=-1', /a whole number from 0/],
    ['?colour=red', /“colour”, which this page does not have/],
    [`?scope=${'x'.repeat(999)}`, /“x{24}…”/],
  ])('%s', (query, note) => {
    const { state, notes } = readState(query)
    expect(state).toEqual(defaultState)
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(note)
  })

  test('a layer or a neuron that the network has not', () => {
    const { state, notes } = readState('?depth=2&layer=4&width=4&unit=9')
    expect(state).toMatchObject({ layer: 2, unit: 4 })
    expect(notes).toHaveLength(2)
  })
})

test('what is looked at does not make another run; what is trained does', () => {
  expect(sameRun(defaultState, { ...defaultState, scope: 'layer', layer: 1, unit: 2, side: 'post' })).toBe(
    true,
  )
  expect(sameRun(defaultState, { ...defaultState, seed: 2 })).toBe(false)
})
