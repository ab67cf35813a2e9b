/** What the reader has set on /activations/: a point of the network, its function, its BatchNorm, how long it has trained. */
import { functions, type FunctionName } from '@normlab/docs/activations/functions.ts'
import type { Place } from '@normlab/docs/activations/network.ts'

export interface TapState {
  /** 0 is the input. */
  readonly layer: number
  readonly unit: number
  readonly activation: FunctionName
  readonly place: Place
  readonly step: number
}

/** Units of each layer, the input's and the output's too. */
export const UNITS = [2, 5, 5, 1]
export const STEPS = { most: 300, each: 10 }
export const places: Readonly<Record<Place, string>> = {
  none: 'none',
  before: 'before the function',
  after: 'after the function',
}
export const start: TapState = { layer: 2, unit: 2, activation: 'relu', place: 'none', step: 200 }

export const nameOf = (layer: number, unit: number): string =>
  layer === 0
    ? `input ${unit + 1}`
    : layer === UNITS.length - 1
      ? 'output'
      : `hidden ${layer}, unit ${unit + 1}`

/** `?tap=1.4&f=tanh&bn=before&steps=50`. What the page starts with is left out. */
export function queryOf(state: TapState): string {
  const query = new URLSearchParams()
  if (state.layer !== start.layer || state.unit !== start.unit)
    query.set('tap', `${state.layer}.${state.unit + 1}`)
  if (state.activation !== start.activation) query.set('f', state.activation)
  if (state.place !== start.place) query.set('bn', state.place)
  if (state.step !== start.step) query.set('steps', String(state.step))
  return String(query)
}

/** A link may hold anything: what does not exist here is left as it was. */
export function stateOf(search: string): TapState {
  const query = new URLSearchParams(search)
  const [, layer, unit] = /^(\d)\.(\d)$/.exec(query.get('tap') ?? '')?.map(Number) ?? []
  const known = <T extends string>(name: string, of: Readonly<Record<T, unknown>>, other: T): T => {
    const value = query.get(name) ?? ''
    return Object.hasOwn(of, value) ? (value as T) : other
  }
  const steps = Number.parseFloat(query.get('steps') ?? '')
  return {
    ...(unit >= 1 && unit <= (UNITS[layer] ?? 0)
      ? { layer, unit: unit - 1 }
      : { layer: start.layer, unit: start.unit }),
    activation: known('f', functions, start.activation),
    place: known('bn', places, start.place),
    step: steps >= 0 && steps <= STEPS.most ? Math.round(steps / STEPS.each) * STEPS.each : start.step,
  }
}
