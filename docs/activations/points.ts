/** What the tapped network shows: a run at a step, as the figures' data. */
import type { LayerOfUnits, PointOfUnit } from '@normlab/viz'
import { functions } from './functions.ts'
import { EXAMPLES, unitOf, type Pass, type Settings } from './network.ts'

/** The points that one unit's value passes, in order; of the input there is one. Layer 0 is the input, the last the output. */
export function pointsOf(
  passes: readonly Pass[],
  settings: Settings,
  layer: number,
  unit: number,
): PointOfUnit[] {
  const units = (values: Float64Array): number => values.length / EXAMPLES
  const of = (values: Float64Array): Float64Array => unitOf(values, units(values), unit)
  if (layer === 0) return [{ label: `input x${'₁₂'[unit]}`, values: of(passes[0].input), fill: 'solid' }]
  const pass = passes[layer - 1]
  const last = layer === passes.length
  const place = last ? 'none' : settings.place
  const name = last ? 'sigmoid' : settings.activation
  const after = name === 'none' ? 'without a function' : `after ${functions[name].label.split(' ')[0]}`
  const z: PointOfUnit = { label: 'pre-activation: z = w · h + b', values: of(pass.z), fill: 'open' }
  const a: PointOfUnit = { label: `activation: a, ${after}`, values: of(pass.a), fill: 'solid' }
  if (place === 'before')
    return [z, { label: 'pre-activation, after BatchNorm', values: of(pass.into), fill: 'hatched' }, a]
  if (place === 'after')
    return [z, a, { label: 'activation, after BatchNorm', values: of(pass.out), fill: 'hatched' }]
  return [z, a]
}

export const layersOf = (passes: readonly Pass[], settings: Settings): LayerOfUnits[] =>
  [passes[0].input, ...passes.map(({ z }) => z)].map((values, layer) => ({
    label: layer === 0 ? 'input' : layer === passes.length ? 'output' : `hidden ${layer}`,
    units: Array.from({ length: values.length / EXAMPLES }, (_, unit) =>
      pointsOf(passes, settings, layer, unit),
    ),
  }))
