import type { Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'

/** Float64, so that folding twice rounds once. */
export async function asTensor(value: tf.Tensor): Promise<Tensor> {
  return { data: Float64Array.from(await value.data()), shape: value.shape }
}

export const write = (variable: LayerVariable, { data, shape }: Tensor): void =>
  tf.tidy(() => void variable.write(tf.tensor(Float32Array.from(data), [...shape], 'float32')))

export const weightName = ({ originalName }: LayerVariable): string =>
  originalName.replace(/^.*\//, '').replace(/_\d+$/, '')

/** Axes counted from the end; undefined for a list of several. */
export function fromEnd(axis: unknown, rank: number): number | undefined {
  const list = [axis].flat() as number[]
  if (list.length !== 1 || !Number.isInteger(list[0])) return undefined
  return list[0] < 0 ? list[0] : list[0] - rank
}
