import '@tensorflow/tfjs-backend-cpu'
import type { Measure } from '@normlab/core'
import { ActivationRecorder, layers } from '@normlab/tfjs-layers'
import { lossCurves, ridgeline, ridgelineCaption } from '@normlab/viz'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'

test('what a recorder wrote of a training, viz draws: every side and every measure', async () => {
  await tf.setBackend('cpu')
  const model = sequential({
    layers: [
      stock.dense({ name: 'first', units: 6, inputShape: [3], activation: 'tanh' }),
      layers.layerNormalization({ name: 'norm' }),
      stock.dense({ name: 'second', units: 1, activation: 'sigmoid' }),
    ],
  })
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' })
  const x = tf.randomNormal([32, 3], 0, 1, 'float32', 1)
  const targets = tf.cast(tf.greater(tf.sum(x, 1, true), 0), 'float32')
  const recorder = new ActivationRecorder({ probe: x, targets, epochs: [1, 2, 3] })
  await model.fit(x, targets, { epochs: 3, verbose: 0, callbacks: recorder })
  // Through JSON, as a page would load it.
  const record = JSON.parse(JSON.stringify(recorder)) as ReturnType<typeof recorder.toJSON>
  for (const [side, words] of [
    ['pre', 'pre-activation'],
    ['post', 'activation'],
    ['gradient', 'gradient'],
  ] as const) {
    const selection = { layer: 'first', unit: 2, side } as const
    expect(ridgeline(record, selection)).toMatch(/^<svg.*epoch 3/s)
    expect(ridgelineCaption(record, selection)).toContain(
      `The ${words} of unit 2 of layer first: from epoch 1 to epoch 3`,
    )
  }
  const measures: Measure[] = ['saturated', 'dead', 'weightNorm', 'gradientNorm', 'updateRatio']
  for (const measure of measures) {
    const curves = record.series!.filter((one) => one.measure === measure)
    expect(
      curves.map(({ points }) => points.length),
      measure,
    ).toEqual(curves.map(() => 3))
    expect(curves.length, measure).toBeGreaterThan(1)
    const svg = lossCurves(
      curves.map(({ layer, points }) => ({ name: layer, points })),
      { xLabel: 'epoch', yLabel: measure },
    )
    for (const { layer } of curves) expect(svg).toContain(layer)
  }
})
