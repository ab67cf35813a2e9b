/** 3 inputs, two hidden layers of 6 units with ReLU, one output. No biases, and weights that stay. */
import { dropout, gaussianNoise, type NoiseOptions } from '@normlab/core'

export const UNITS = 6
const INPUT = Float64Array.of(1.2, 0.8, -0.5)
const SIZES = [3, UNITS, UNITS, 1]
const weights = SIZES.slice(1).map((outputs, l) =>
  Float64Array.from(
    gaussianNoise.draw([SIZES[l], outputs], { seed: 4 + l }),
    (value) => value * Math.sqrt(2 / SIZES[l]),
  ),
)

function linear(x: Float64Array, w: Float64Array): Float64Array {
  const outputs = w.length / x.length
  return Float64Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * w[i * outputs + o], 0),
  )
}

/**
 * What every layer gives, from the input on.
 * @param drop Makes a hidden layer's options, by its number from 0.
 */
export function run(drop: (layer: number) => NoiseOptions): Float64Array[] {
  const given: Float64Array[] = [INPUT]
  for (const [l, w] of weights.entries()) {
    const z = linear(given.at(-1)!, w)
    if (l === weights.length - 1) return [...given, z]
    const a = { data: z.map((value) => Math.max(value, 0)), shape: [1, UNITS] }
    given.push(dropout.forward(a, {}, drop(l)).y.data as Float64Array)
  }
  return given
}
