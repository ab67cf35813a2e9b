/**
 * TensorFlow.js's hard sigmoid is clip(0.2 x + 0.5), Keras 3's clip(x / 6 + 0.5): the latter of 1.2 x is the former of x. The
 * weights that make x are written 1.2 times as great.
 */
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError } from '../../errors.ts'
import type { Layer } from '../json.ts'

const RATIO = 1.2
/** Blocks of a cell's last axis that the recurrent activation takes; the others are the candidate's. */
const GATES: Readonly<Record<string, readonly boolean[]>> = {
  LSTMCell: [true, true, false, true],
  ConvLSTM2DCell: [true, true, false, true],
  GRUCell: [true, true, false],
  'normlab>GRUCell': [true, true, false],
}

/** The factor of each element of a weight; undefined where all are 1. */
export function hardSigmoidScale(
  layer: Layer,
  variable: LayerVariable,
  shape: readonly number[],
): ((i: number) => number) | undefined {
  const name = layer.getClassName()
  const { activation, recurrentActivation } = layer.getConfig() as Record<string, unknown>
  const gates = GATES[name]
  if (gates || name === 'SimpleRNNCell') {
    if (activation === 'hardSigmoid' && gates)
      throw new NormlabError(
        `${layer.name}.activation`,
        "TensorFlow.js's hardSigmoid, which Keras 3 does not have",
        'Use hardSigmoid as recurrentActivation only',
      )
    if (gates && recurrentActivation === 'hardSigmoid') {
      const width = shape.at(-1)!
      return (i) => (gates[Math.floor(((i % width) * gates.length) / width)] ? RATIO : 1)
    }
    return activation === 'hardSigmoid' ? () => RATIO : undefined
  }
  const first = /depthwise_kernel/.test(variable.originalName) && name === 'SeparableConv2D'
  return activation === 'hardSigmoid' && !first ? () => RATIO : undefined
}
