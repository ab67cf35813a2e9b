/** Trains the network of /activations/ as far as it is asked for, once for each setting, and keeps what it was on the way. */
import {
  forward,
  makeNetwork,
  ring,
  train,
  type Layer,
  type Pass,
  type Settings,
} from '@normlab/docs/activations/network.ts'
import { STEPS } from './state.ts'

const data = ring()
const runs = new Map<string, Layer[][]>()

const copy = (layers: readonly Layer[]): Layer[] =>
  layers.map(({ inputs, units, w, b, gamma, beta }) => ({
    inputs,
    units,
    w: w.slice(),
    b: b.slice(),
    gamma: gamma.slice(),
    beta: beta.slice(),
  }))

function keptOf({ activation, place }: Settings): Layer[][] {
  const key = `${activation} ${place}`
  if (!runs.has(key)) runs.set(key, [makeNetwork()])
  return runs.get(key)!
}

/** Trains toward `step` for about `milliseconds`, ten steps at the least. @returns what all points are then, or null where that took longer: ask again, a frame later. */
export function passesAt(settings: Settings, step: number, milliseconds = Infinity): Pass[] | null {
  const kept = keptOf(settings)
  const until = performance.now() + milliseconds
  while (kept.length <= step / STEPS.each) {
    const next = copy(kept.at(-1)!)
    for (let i = 0; i < STEPS.each; i++) train(next, settings, data.x, data.y)
    kept.push(next)
    if (performance.now() >= until) return null
  }
  return forward(kept[step / STEPS.each], settings, data.x)
}

export const labels = data.y
