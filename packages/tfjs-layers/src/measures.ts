/** Numbers of a layer that a recorder keeps as curves: shares of units, and lengths of weights and of steps. */
import type { LayerSeries, Measure } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import type { Site } from './activations.ts'

type Layer = layers.Layer
export interface Named {
  readonly name: string
  readonly layer: Layer
}
/** By layer name, then measure. */
export type Measured = Map<string, Partial<Record<Measure, number>>>

/** Below this slope an activation function passes hardly any gradient on. */
const FLAT = 0.05

/** Shares of values and of units at which the activation function is flat. */
export function saturation(
  { unitAxis, units, output }: Site,
  slopes: Float32Array,
): { saturated: number; dead: number } {
  const shape = output.shape.slice(unitAxis + 1) as number[]
  const inner = shape.reduce((a, b) => a * (b ?? 1), 1)
  const alive = new Uint8Array(units)
  let flat = 0
  for (let i = 0; i < slopes.length; i++) {
    if (Math.abs(slopes[i]) < FLAT) flat++
    else alive[Math.floor(i / inner) % units] = 1
  }
  const dead = alive.reduce((sum, each) => sum + 1 - each, 0)
  return slopes.length ? { saturated: flat / slopes.length, dead: dead / units } : { saturated: 0, dead: 0 }
}

const lengthOf = (tensors: readonly tf.Tensor[]): tf.Tensor =>
  tf.sqrt(tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor)))))

const valuesOf = (layer: Layer): tf.Tensor[] => layer.trainableWeights.map((weight) => weight.read())

/** Length of each layer's trained weights. */
export async function weightNorms(list: readonly Named[]): Promise<number[]> {
  if (list.length === 0) return []
  const all = tf.tidy(() => tf.stack(list.map(({ layer }) => lengthOf(valuesOf(layer)))))
  try {
    return Array.from(await all.data())
  } finally {
    all.dispose()
  }
}

/** The weights before a step, until `ratios` or `dispose` is called. */
export class Step {
  readonly #list: readonly Named[]
  readonly #before: tf.Tensor[][]

  constructor(list: readonly Named[]) {
    this.#list = list
    this.#before = list.map(({ layer }) => valuesOf(layer).map((value) => tf.keep(tf.clone(value))))
  }

  /** Length of each layer's change since then over that of its weights before; 0 where these are 0. */
  async ratios(): Promise<number[]> {
    if (this.#list.length === 0) return []
    const all = tf.tidy(() =>
      tf.stack(
        this.#list.map(({ layer }, i) => {
          const before = this.#before[i]
          const change = lengthOf(valuesOf(layer).map((value, j) => tf.sub(value, before[j])))
          return tf.divNoNan(change, lengthOf(before))
        }),
      ),
    )
    this.dispose()
    try {
      return Array.from(await all.data())
    } finally {
      all.dispose()
    }
  }

  dispose(): void {
    tf.dispose(this.#before)
  }
}

/** Curves of what was measured, by epoch. */
export function seriesOf(epochs: readonly (readonly [epoch: number, measured: Measured])[]): LayerSeries[] {
  const curves = new Map<string, { layer: string; measure: Measure; points: [number, number][] }>()
  for (const [epoch, measured] of epochs)
    for (const [layer, values] of measured)
      for (const [measure, value] of Object.entries(values) as [Measure, number][]) {
        const key = `${measure} ${layer}`
        const curve = curves.get(key) ?? { layer, measure, points: [] }
        curve.points.push([epoch, value])
        curves.set(key, curve)
      }
  return [...curves.values()]
}
