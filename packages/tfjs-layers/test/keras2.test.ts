/** JSON of Keras 2, as tf.keras's to_json and tensorflowjs_converter write it. */
import * as tf from '@tensorflow/tfjs-core'
import { models } from '@tensorflow/tfjs-layers'
import { afterAll, expect, test } from 'vitest'
import { install, kerasTopology, restore } from '../src/dropIn.ts'
import { NoiseLayer, NormLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { random, toTf } from './fixtures.ts'

await useCpu()
install()
afterAll(restore)

const layer = (
  class_name: string,
  name: string,
  config: object,
  from: string | string[],
  kwargs: object = {},
) => ({
  class_name,
  name,
  config: { name, trainable: true, dtype: 'float32', ...config },
  inbound_nodes: [[from].flat().map((source) => [source, 0, 0, kwargs])],
})
const model = {
  class_name: 'Functional',
  config: {
    name: 'model_1',
    layers: [
      {
        class_name: 'InputLayer',
        name: 'input_1',
        config: {
          batch_input_shape: [null, 4, 4, 6],
          dtype: 'float32',
          sparse: false,
          ragged: false,
          name: 'input_1',
        },
        inbound_nodes: [],
      },
      layer(
        'BatchNormalization',
        'batch_norm_1',
        {
          axis: [3],
          momentum: 0.9,
          epsilon: 0.001,
          center: true,
          scale: false,
          fused: true,
          dtype: { class_name: 'Policy', config: { name: 'mixed_float16' } },
          beta_initializer: { class_name: 'Zeros', config: {}, shared_object_id: 3 },
          gamma_regularizer: { class_name: 'L2', config: { l2: 0.01 } },
        },
        'input_1',
      ),
      layer(
        'LayerNormalization',
        'layer_norm_1',
        { axis: { class_name: '__tuple__', items: [3, 1] } },
        'batch_norm_1',
      ),
      layer('GroupNormalization', 'group_norm_1', { groups: 3, axis: -1 }, 'layer_norm_1'),
      layer(
        'SpatialDropout2D',
        'spatial_1',
        { rate: 0.2, noise_shape: null, seed: null, data_format: 'channels_last' },
        'group_norm_1',
      ),
      layer('Add', 'add_1', {}, ['group_norm_1', 'spatial_1']),
      layer('Dropout', 'dropout_1', { rate: 0.5, noise_shape: [null, 1, 1, 6], seed: 4 }, 'add_1', {
        training: true,
      }),
    ],
    input_layers: [['input_1', 0, 0]],
    output_layers: [['dropout_1', 0, 0]],
  },
  keras_version: '2.15.0',
  backend: 'tensorflow',
}

test.each([
  ['modelFromJSON', (json: object) => models.modelFromJSON(json as never)],
  ['model_config beside weights', (json: object) => models.modelFromJSON({ model_config: json } as never)],
  ['kerasTopology', (json: object) => models.modelFromJSON(kerasTopology(json) as never)],
])('%s', async (_, load) => {
  const json = structuredClone(model)
  const loaded = await load(json)
  expect(loaded.layers.map(({ name }) => name)).toEqual(model.config.layers.map(({ name }) => name))
  const ours = loaded.layers.filter((one) => one instanceof NormLayer || one instanceof NoiseLayer)
  expect(ours.length).toBe(5)
  const [batch, norm] = ours as NormLayer[]
  expect(batch.weights.map(({ originalName }) => originalName)).toEqual([
    'batch_norm_1/beta',
    'batch_norm_1/moving_mean',
    'batch_norm_1/moving_variance',
  ])
  expect(norm.weights.map(({ shape }) => shape)).toEqual([
    [4, 6],
    [4, 6],
  ])
  const x = toTf(random([2, 4, 4, 6], 1))
  const y = Array.from((loaded.predict(x) as tf.Tensor).dataSync())
  // Dropout was told to train: it drops in prediction too.
  expect(y.filter((value) => value === 0).length).toBeGreaterThan(16)
})

test('the JSON that was given is not changed by kerasTopology', () => {
  const json = structuredClone(model)
  kerasTopology(json)
  expect(json).toEqual(model)
})
