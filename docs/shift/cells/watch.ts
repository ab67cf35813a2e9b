import '@tensorflow/tfjs-backend-cpu'
import { show, tolerance } from '@normlab/cell'
import { ActivationRecorder, layers } from '@normlab/tfjs-layers'
import { ridgeline } from '@normlab/viz'
import * as tf from '@tensorflow/tfjs-core'
import { layers as plain, sequential } from '@tensorflow/tfjs-layers'

tolerance(0.02) // training: Math.exp differs in its last bits from engine to engine
await tf.setBackend('cpu')

// Is a point inside the unit circle?
const points = tf.randomNormal([256, 2], 0, 1, 'float32', 1)
const inside = tf.cast(tf.less(tf.sum(tf.square(points), 1, true), 1), 'float32')

const model = sequential()
model.add(plain.dense({ units: 16, inputShape: [2] }))
model.add(layers.batchNormalization())
model.add(plain.activation({ activation: 'relu', name: 'hidden' }))
model.add(plain.dense({ units: 1, activation: 'sigmoid' }))
model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' })

const recorder = new ActivationRecorder({
  probe: points,
  layers: ['hidden'],
  units: { hidden: [3] },
  epochs: [1, 10, 30],
  training: true,
})
await model.fit(points, inside, { epochs: 30, callbacks: recorder, verbose: 0, shuffle: false })

const record = recorder.toJSON()
show((width) => ridgeline(record, { layer: 'hidden', unit: 3, side: 'pre', width }))
