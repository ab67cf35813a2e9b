/** Models of layers here that are written for Keras: tools/oracle/check_keras.py opens them in real Keras. */
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  model as makeModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { GRU } from '../src/exchange/keras/index.ts'
import { layers } from '../src/index.ts'
import { random } from './fixtures.ts'

type T = SymbolicTensor
const as = (value: unknown) => value as T
const chain = (x: T, ...list: stock.Layer[]): T => list.reduce((y, layer) => as(layer.apply(y)), x)
const named = (name: string, shape: number[], build: (x: T) => T | T[]): LayersModel => {
  const x = input({ shape, name: 'given' })
  return makeModel({ inputs: x, outputs: build(x), name })
}

export const kerasModels: Record<string, () => LayersModel> = {
  norms: () =>
    named('norms', [6, 8], (x) =>
      chain(
        x,
        layers.batchNormalization({ momentum: 0.9, name: 'bn' }),
        layers.batchNormalization({ axis: 1, center: false }),
        layers.batchNormalization({ scale: false }),
        layers.layerNormalization({ epsilon: 1e-5 }),
        layers.layerNormalization({ axis: [2, 1] }),
        layers.groupNormalization({ groups: 4 }),
        layers.groupNormalization({ groups: -1, scale: false }),
        layers.instanceNormalization(),
        layers.rmsNormalization(),
        layers.rmsNormalization({ scale: false }),
        layers.unitNormalization({ axis: 1 }),
        stock.batchNormalization({}),
        stock.layerNormalization({}),
      ),
    ),
  channelsFirst: () =>
    named('channels_first', [4, 5, 6], (x) =>
      chain(
        x,
        layers.batchNormalization({ axis: 1 }),
        layers.groupNormalization({ axis: 1, groups: 2 }),
        layers.spatialDropout({ axis: 1, seed: 3 }),
        layers.layerNormalization({ axis: [1, 2, 3] }),
      ),
    ),
  noises: () =>
    named('noises', [6, 4], (x) =>
      chain(
        x,
        layers.dropout({ rate: 0.3, seed: 5 }),
        layers.dropout({ rate: 0.3, noiseShape: [null, 1, null] }),
        layers.spatialDropout({ rate: 0.2 }),
        layers.gaussianDropout({ rate: 0.1 }),
        layers.gaussianNoise({ stddev: 0.2, seed: 2 }),
        layers.alphaDropout({ rate: 0.2 }),
        stock.dropout({ rate: 0.5, noiseShape: [2, 1, 4] }),
        stock.spatialDropout1d({ rate: 0.5 } as never),
        stock.gaussianNoise({ stddev: 0.5 }),
        stock.gaussianDropout({ rate: 0.5 }),
        stock.alphaDropout({ rate: 0.5 }),
        stock.dense({ units: 3 }),
      ),
    ),
  convnet: () =>
    sequential({
      name: 'convnet',
      layers: [
        stock.conv2d({
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          inputShape: [9, 8, 3],
          useBias: false,
          kernelInitializer: 'heNormal',
          kernelRegularizer: 'l1l2',
        }),
        layers.batchNormalization(),
        stock.reLU({ maxValue: 4 }),
        stock.maxPooling2d({ poolSize: 2 }),
        stock.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', activation: 'relu6' }),
        stock.separableConv2d({
          filters: 5,
          kernelSize: 3,
          depthMultiplier: 2,
          padding: 'same',
          activation: 'elu',
        }),
        layers.groupNormalization({ groups: 5 }),
        stock.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
        stock.zeroPadding2d({ padding: [[1, 0], [0, 2]] }), // prettier-ignore
        stock.cropping2D({ cropping: [[1, 0], [1, 1]] }), // prettier-ignore
        stock.upSampling2d({ size: [2, 1] }),
        stock.averagePooling2d({ poolSize: [2, 3], strides: [1, 2], padding: 'same' }),
        stock.globalAveragePooling2d({}),
        stock.dense({
          units: 3,
          activation: 'softmax',
          kernelConstraint: 'maxNorm',
          biasInitializer: 'ones',
        }),
      ],
    }),
  channelsFirstConv: () =>
    named('channels_first_conv', [3, 8, 8], (x) =>
      chain(
        x,
        stock.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst', dilationRate: 2 }),
        stock.flatten({ dataFormat: 'channelsFirst' }),
        stock.dense({ units: 2 }),
      ),
    ),
  convolutions: () => {
    const [line, cube] = [input({ shape: [10, 3] }), input({ shape: [4, 5, 4, 2] })]
    const one = chain(
      line,
      stock.conv1d({ filters: 4, kernelSize: 3, activation: 'tanh', dilationRate: 2 }),
      stock.maxPooling1d({ poolSize: 2 }),
      stock.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' }),
    )
    const two = chain(
      cube,
      stock.conv3d({ filters: 3, kernelSize: 2, padding: 'same' }),
      layers.batchNormalization(),
      stock.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 } as never),
      layers.spatialDropout({ rate: 0.3 }),
      stock.maxPooling3d({ poolSize: 2 } as never),
      stock.averagePooling3d({ poolSize: 2 } as never),
      stock.flatten(),
    )
    return makeModel({
      inputs: [line, cube],
      outputs: [
        as(stock.globalMaxPooling1d({}).apply(one)),
        as(stock.globalAveragePooling1d({}).apply(one)),
        two,
      ],
      name: 'convolutions',
    })
  },
  recurrent: () =>
    sequential({
      name: 'recurrent',
      layers: [
        stock.embedding({ inputDim: 12, outputDim: 5, inputShape: [7], maskZero: true }),
        // TensorFlow.js's own default, an old hard sigmoid.
        stock.lstm({ units: 4, returnSequences: true, recurrentInitializer: 'zeros' }),
        stock.lstm({
          units: 4,
          returnSequences: true,
          recurrentActivation: 'sigmoid',
          unitForgetBias: true,
          recurrentInitializer: 'zeros',
        }),
        stock.gru({ units: 3, returnSequences: true, recurrentInitializer: 'zeros' }),
        new GRU({ units: 4, returnSequences: true, dropout: 0.1, recurrentInitializer: 'zeros' }) as never,
        stock.simpleRNN({
          units: 3,
          activation: 'hardSigmoid',
          returnSequences: true,
          recurrentInitializer: 'zeros',
        }),
        stock.bidirectional({
          layer: stock.lstm({ units: 3, returnSequences: true, recurrentInitializer: 'zeros' }) as never,
          mergeMode: 'concat',
        }),
        stock.timeDistributed({ layer: stock.dense({ units: 4, activation: 'hardSigmoid' }) }),
        stock.bidirectional({
          layer: stock.gru({ units: 2, recurrentInitializer: 'zeros' }) as never,
          mergeMode: 'sum',
        }),
      ],
    }),
  cells: () =>
    named('cells', [5, 3], (x) =>
      chain(
        x,
        stock.rnn({
          cell: [
            stock.lstmCell({ units: 4, recurrentInitializer: 'zeros' }),
            stock.gruCell({ units: 3, recurrentInitializer: 'zeros' }),
          ],
          returnSequences: true,
        }),
        stock.rnn({
          cell: stock.simpleRNNCell({ units: 2, recurrentInitializer: 'zeros' }),
          goBackwards: true,
        }),
      ),
    ),
  convLstm: () =>
    named('conv_lstm', [3, 5, 5, 2], (x) =>
      chain(
        x,
        stock.convLstm2d({ filters: 3, kernelSize: 2, padding: 'same', recurrentInitializer: 'zeros' }),
        stock.flatten(),
      ),
    ),
  encoderDecoder: () => {
    const [a, b] = [input({ shape: [4, 3], name: 'source' }), input({ shape: [5, 2], name: 'target' })]
    const init = { recurrentInitializer: 'zeros' as const }
    const [, h, c] = stock.lstm({ units: 4, returnState: true, ...init }).apply(a) as T[]
    const y = as(
      stock.lstm({ units: 4, returnSequences: true, ...init }).apply(b, { initialState: [h, c] } as never),
    )
    return makeModel({
      inputs: [a, b],
      outputs: as(layers.layerNormalization().apply(y)),
      name: 'encoder_decoder',
    })
  },
  activations: () =>
    named('activations', [3, 5], (x) => {
      const names =
        'relu relu6 elu selu linear sigmoid hardSigmoid softplus softsign tanh softmax swish mish gelu'
      const list = names
        .split(' ')
        .map((activation) => as(stock.activation({ activation: activation as 'relu' }).apply(x)))
      const more = [
        stock.leakyReLU({ alpha: 0.2 }),
        stock.thresholdedReLU({ theta: 0.4 }),
        stock.elu(),
        stock.prelu({ sharedAxes: [1] } as never),
        stock.softmax({ axis: 2 } as never),
        stock.reLU(),
        stock.dense({ units: 4, activation: 'hardSigmoid' }),
      ]
      return as(stock.concatenate().apply([...list, ...more.map((layer) => as(layer.apply(x)))]))
    }),
  merges: () => {
    const [a, b] = [input({ shape: [4, 3], name: 'a' }), input({ shape: [4, 3], name: 'b' })]
    const list = [stock.add(), stock.multiply(), stock.average(), stock.maximum(), stock.minimum()]
    const all = list.map((layer) => as(layer.apply([a, b])))
    const joined = as(stock.concatenate({ axis: 1 }).apply([...all, a]))
    const dot = as(stock.dot({ axes: 2 } as never).apply([a, b]))
    const shaped = chain(
      joined,
      stock.permute({ dims: [2, 1] }),
      stock.reshape({ targetShape: [8, 9] }),
      stock.flatten(),
      stock.repeatVector({ n: 2 }),
      stock.rescaling({ scale: 0.5, offset: 1 } as never),
      stock.masking({ maskValue: 0 }),
    )
    return makeModel({ inputs: [b, a], outputs: [shaped, dot], name: 'merges' })
  },
  nestedShared: () => {
    const [a, b] = [input({ shape: [6], name: 'a' }), input({ shape: [6], name: 'b' })]
    const encoder = sequential({
      name: 'encoder',
      layers: [stock.dense({ units: 5, inputShape: [6], activation: 'relu' }), layers.batchNormalization()],
    })
    const x = input({ shape: [5] })
    const hidden = as(stock.dense({ units: 5 }).apply(x))
    const sum = as(stock.add().apply([x, hidden]))
    const head = makeModel({ inputs: x, outputs: as(layers.layerNormalization().apply(sum)), name: 'head' })
    const twice = stock.dense({ units: 5, name: 'twice' })
    const [u, v] = [a, b].map((each) => as(head.apply(encoder.apply(each))))
    const w = as(twice.apply(twice.apply(u)))
    return makeModel({
      inputs: [a, b],
      outputs: [as(stock.add().apply([w, v])), as(head.apply(v))],
      name: 'nested_shared',
    })
  },
  sequentialOfModels: () => {
    const block = (units: number, size: number) =>
      sequential({
        layers: [stock.dense({ units, inputShape: [size] }), layers.layerNormalization(), stock.reLU()],
      })
    return sequential({ name: 'of_models', layers: [block(5, 4), block(3, 5), stock.dense({ units: 2 })] })
  },
  branches: () => {
    // A graph whose order Keras must find again: several layers of a class at several depths.
    const x = input({ shape: [5] })
    const dense = () => stock.dense({ units: 5, activation: 'tanh' })
    const [p, q] = [as(dense().apply(x)), chain(x, dense(), layers.batchNormalization(), dense())]
    const r = as(stock.add().apply([chain(q, dense()), p]))
    const s = as(stock.multiply().apply([chain(p, layers.batchNormalization(), dense()), r]))
    return makeModel({
      inputs: x,
      outputs: [
        as(stock.concatenate().apply([s, chain(q, dense(), dense()), p])),
        chain(r, layers.batchNormalization()),
      ],
      name: 'branches',
    })
  },
}

/** Weights drawn by their place; variances positive. */
export function fill(model: LayersModel): LayersModel {
  model.setWeights(
    model.weights.map(({ originalName, shape }, i) => {
      const { data } = random(shape as number[], 100 + i, 0.4)
      const values = originalName.includes('variance') ? data.map((value) => Math.abs(value) + 0.2) : data
      return tf.tensor(Float32Array.from(values), shape as number[])
    }),
  )
  return model
}

/** Two examples for each input. */
export const inputsOf = (model: LayersModel): tf.Tensor[] =>
  model.inputs.map(({ shape, sourceLayer }, i) => {
    const { data, shape: size } = random([2, ...(shape.slice(1) as number[])], 7 + i)
    const tokens = sourceLayer.outboundNodes.some(
      ({ outboundLayer }) => outboundLayer.getClassName() === 'Embedding',
    )
    return tf.tensor(
      Float32Array.from(data, (value) => (tokens ? Math.floor(Math.abs(value) * 3) % 12 : value)),
      size as number[],
    )
  })
