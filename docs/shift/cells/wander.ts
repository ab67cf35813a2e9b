import { assert, table } from '@normlab/cell'
import { moments } from '../experiment/attribution.ts'
import { average, meanMoves } from '../experiment/measures.ts'
import { train } from '../training.ts'

// Layer 5 from epoch 1 to epoch 5: how far its neurons' means move on average, and how far the mean of the whole layer.
const moved = (norm: 'layer' | 'batch') => {
  const looks = train({ norm, epochs: 5 })
  const [before, after] = [looks[1], looks[5]].map(({ passes }) => passes[4].pre)
  return {
    neurons: average(meanMoves(before, after, 24)),
    layer: Math.abs(moments(after).mean - moments(before).mean),
  }
}
export const layerNorm = moved('layer')
export const batchNorm = moved('batch')
table(
  [
    { normalization: 'LayerNorm', 'a neuron': layerNorm.neurons, 'the layer': layerNorm.layer },
    { normalization: 'BatchNorm', 'a neuron': batchNorm.neurons, 'the layer': batchNorm.layer },
  ],
  { digits: 3, caption: 'Movement of the mean, epoch 1 to 5' },
)
assert(layerNorm.neurons > 3 * batchNorm.neurons, 'under LayerNorm neurons move several times as far')
assert(layerNorm.layer < layerNorm.neurons / 3, 'while their layer as a whole stays')
