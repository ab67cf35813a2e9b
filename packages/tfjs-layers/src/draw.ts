/** Draws of a noise record as tensors. */
import type { Noise } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from './errors.ts'
import type { Folded } from './fold.ts'

type NoiseShape = readonly (number | null)[]

/** @throws NormlabError naming `noiseShape`. */
export function checkNoiseShape(given: unknown): (number | null)[] {
  if (!Array.isArray(given) || !given.every((size) => size === null || (Number.isInteger(size) && size > 0)))
    throw new NormlabError('noiseShape', show(given), "Give a list of sizes, with null for x's own")
  return [...given]
}

function resolve(noiseShape: NoiseShape, shape: readonly number[]): number[] {
  const resolved = noiseShape.map((size, i) => size ?? shape[i])
  if (resolved.length !== shape.length || resolved.some((size, i) => size !== 1 && size !== shape[i]))
    throw new NormlabError(
      'noiseShape',
      `${show(noiseShape)} does not fit x's shape ${show(shape)}`,
      `Give ${shape.length} sizes: null or x's own, and 1 where elements share the mask`,
    )
  return resolved
}

/**
 * Core's draw for an x of this shape, bit for bit.
 * @param dims x's plan, folded: the draw has these dimensions, with size 1 where elements share it. With a noise shape it
 * has x's own dimensions.
 */
export function drawFor(
  record: Noise,
  shape: readonly number[],
  dims: Folded,
  noiseShape: NoiseShape | undefined,
  options: Record<string, unknown>,
): tf.Tensor {
  const values = (size: readonly number[]) => record.draw(size, options)
  if (!noiseShape)
    return tf.tensor(
      values(shape),
      dims.map(({ size, kept }) => (kept ? size : 1)),
    )
  const drawn = resolve(noiseShape, shape)
  return tf.mul(tf.tensor(values(drawn), drawn), tf.ones([...shape]))
}
