/** Layers here as Keras 3's, one writer a class. */
import type { Config, Layer } from '../json.ts'

/** Keras's class and its arguments, in camel case; undefined where Keras has no such layer. */
export type Writer = (config: Config, layer: Fields) => { className: string; config: Config } | undefined
export type Fields = Layer & { readonly [field: string]: unknown }

const COMMON = ['name', 'trainable']
export const without = (config: Config, ...keys: string[]): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)))
const pick = (config: Config, ...keys: string[]): Config =>
  Object.fromEntries(
    [...COMMON, ...keys].filter((key) => config[key] !== undefined).map((key) => [key, config[key]]),
  )

export const same =
  (className: string, more: (layer: Fields) => Config = () => ({})): Writer =>
  (config, layer) => ({ className, config: { ...config, ...more(layer) } })
const fields =
  (...keys: string[]) =>
  (layer: Fields): Config =>
    Object.fromEntries(keys.map((key) => [key, layer[key] ?? null]))
const only =
  (className: string, ...keys: string[]): Writer =>
  (config) => ({ className, config: pick(config, ...keys) })

const affine = ['gamma', 'beta'].flatMap((n) => [`${n}Initializer`, `${n}Regularizer`, `${n}Constraint`])
const statistics = ['movingMeanInitializer', 'movingVarianceInitializer']
const rnn = ['returnSequences', 'returnState', 'goBackwards', 'stateful', 'unroll']

const batch: Writer = (config) => {
  if (config.trackRunningStats === false || [config.axis].flat().length > 1) return undefined
  const axis = [config.axis].flat()[0]
  const renorm = config.renorm ? ['renorm', 'renormClipping', 'renormMomentum'] : []
  const keys = ['momentum', 'epsilon', 'center', 'scale', ...affine, ...statistics, ...renorm]
  return { className: 'BatchNormalization', config: { ...pick(config, ...keys), axis } }
}

const grouped =
  (groups?: number): Writer =>
  (config) => {
    if (config.trackRunningStats || [config.axis].flat().length > 1) return undefined
    const own = pick(config, 'epsilon', 'center', 'scale', 'groups', ...affine)
    const axis = [config.axis].flat()[0]
    return { className: 'GroupNormalization', config: { ...own, axis, ...(groups ? { groups } : {}) } }
  }

const spatial: Writer = (config, layer) => {
  const rank = (layer.inboundNodes[0]?.inputShapes[0] as number[] | undefined)?.length ?? 0
  const first = config.axis === 1
  if (
    rank < 3 ||
    rank > 5 ||
    (rank === 3 && first) ||
    (!first && config.axis !== -1 && config.axis !== rank - 1)
  )
    return undefined
  const dataFormat = rank === 3 ? {} : { dataFormat: first ? 'channelsFirst' : 'channelsLast' }
  const { name, rate, seed } = config
  // Keras's takes no trainable.
  return { className: `SpatialDropout${rank - 2}D`, config: { name, rate, seed, ...dataFormat } }
}

const unit: Writer = (config) =>
  config.epsilon === 1e-12 ? { className: 'UnitNormalization', config: pick(config, 'axis') } : undefined

/** Of this package's layers, by class name without its package. */
export const oursToKeras: Readonly<Record<string, Writer>> = {
  BatchNormalization: batch,
  LayerNormalization: only(
    'LayerNormalization',
    'axis',
    'epsilon',
    'center',
    'scale',
    'rmsScaling',
    ...affine,
  ),
  GroupNormalization: grouped(),
  InstanceNormalization: grouped(-1),
  RMSNormalization: only('RMSNormalization', 'axis', 'epsilon'),
  UnitNormalization: unit,
  Dropout: only('Dropout', 'rate', 'seed', 'noiseShape'),
  SpatialDropout: spatial,
  GaussianDropout: only('GaussianDropout', 'rate', 'seed'),
  GaussianNoise: only('GaussianNoise', 'stddev', 'seed'),
  AlphaDropout: only('AlphaDropout', 'rate', 'seed', 'noiseShape'),
  Bidirectional: same('Bidirectional'),
  GRU: same('GRU'),
  GRUCell: same('GRUCell'),
  ThresholdReLU: same('ReLU'),
  BilinearUpSampling2D: same('UpSampling2D'),
  CausalConv1D: same('Conv1D'),
  GroupedConv1D: same('Conv1D'),
  GroupedConv2D: same('Conv2D'),
  InferredReshape: same('Reshape'),
  ScaledELU: same('ELU'),
  AxisSoftmax: same('Softmax'),
  // An argument of the call there.
  MultiHeadAttention: (config) => ({
    className: 'MultiHeadAttention',
    config: without(config, 'useCausalMask'),
  }),
}

/** Of TensorFlow.js's, what its getConfig leaves out added, and what Keras does not take left out. */
export const stockToKeras: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries(
    (
      'Dense Activation RepeatVector Reshape Permute Masking Add Multiply Average Maximum Minimum Concatenate Dot ELU PReLU ' +
      'Softmax LSTM LSTMCell SimpleRNN SimpleRNNCell GRU GRUCell StackedRNNCells ConvLSTM2D ConvLSTM2DCell Bidirectional TimeDistributed SpectralNormalization ' +
      'MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalAveragePooling1D ' +
      'GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D ZeroPadding2D Cropping2D UpSampling2D Conv1D Conv2D ' +
      'Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D Rescaling GaussianNoise GaussianDropout'
    )
      .split(' ')
      .map((name) => [name, same(name)]),
  ),
  Flatten: same('Flatten', (layer) => ({ dataFormat: layer.dataFormat ?? 'channelsLast' })),
  Embedding: same('Embedding', (layer) => ({ maskZero: Boolean(layer.maskZero) })),
  SeparableConv2D: same('SeparableConv2D', (layer) => ({ depthMultiplier: layer.depthMultiplier ?? 1 })),
  // Keras's takes no trainable.
  SpatialDropout1D: (config) => ({
    className: 'SpatialDropout1D',
    config: { name: config.name, rate: config.rate },
  }),
  Dropout: same('Dropout', fields('noiseShape', 'seed')),
  AlphaDropout: same('AlphaDropout', fields('noiseShape')),
  ReLU: same('ReLU', fields('maxValue')),
  LeakyReLU: (config) => ({
    className: 'LeakyReLU',
    config: { ...pick(config), negativeSlope: config.alpha },
  }),
  // x from theta on where TensorFlow.js has x above it: theta itself apart the same.
  ThresholdedReLU: (config) => ({ className: 'ReLU', config: { ...pick(config), threshold: config.theta } }),
  BatchNormalization: batch,
  LayerNormalization: only('LayerNormalization', 'axis', 'epsilon', 'center', 'scale', ...affine),
  RNN: only('RNN', ...rnn, 'cell'),
}
