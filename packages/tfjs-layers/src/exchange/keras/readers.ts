/** Keras 3's layers as layers here, one reader a class. */
import { NormlabError, show } from '../../errors.ts'
import { PACKAGE } from '../../names.ts'
import { isObject, type Config } from '../json.ts'
import { checkAttention } from './attention.ts'
import { kinds } from './kinds.ts'

export interface Read {
  readonly className: string
  readonly config: Config
}
export type Warn = (message: string) => void
/** A config in camel case, and the name that errors say. */
type Reader = (config: Config, name: string, warn: Warn) => Read

const ours = (className: string, config: Config): Read => ({ className: `${PACKAGE}>${className}`, config })
const pick = (config: Config, keys: string): Config =>
  Object.fromEntries(
    keys
      .split(' ')
      .flatMap((key) => (config[key] === undefined || config[key] === null ? [] : [[key, config[key]]])),
  )
const objects = (...names: string[]) =>
  names.flatMap((n) => ['Initializer', 'Regularizer', 'Constraint'].map((kind) => n + kind)).join(' ')
const without = (config: Config, ...keys: string[]): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)))
const refuse = (name: string, key: string, value: unknown, remedy: string): never => {
  throw new NormlabError(`${name}.${key}`, show(value), remedy)
}

const AFFINE = `name trainable axis epsilon center scale ${objects('gamma', 'beta')}`
const NOISE = 'name trainable rate stddev seed'

const batchNormalization: Reader = (config) => {
  const renorm = config.renorm ? ' renorm renormClipping renormMomentum' : ''
  const keys = `${AFFINE} momentum movingMeanInitializer movingVarianceInitializer${renorm}`
  return ours('BatchNormalization', pick(config, keys))
}

const noise =
  (className: string, keys = ''): Reader =>
  (config) =>
    ours(className, pick({ ...config, seed: seedOf(config.seed) }, `${NOISE} ${keys}`.trim()))
const seedOf = (seed: unknown): number | undefined =>
  typeof seed === 'number' && seed >= 0 ? seed : undefined

const spatialDropout: Reader = (config) =>
  ours('SpatialDropout', {
    ...pick({ ...config, seed: seedOf(config.seed) }, 'name trainable rate seed'),
    axis: config.dataFormat === 'channelsFirst' ? 1 : -1,
  })

const relu: Reader = (config) => {
  const { maxValue, negativeSlope, threshold } = config as Record<string, number | null | undefined>
  const base = pick(config, 'name trainable')
  if (!negativeSlope && !threshold)
    return { className: 'ReLU', config: { ...base, maxValue: maxValue ?? undefined } }
  if (!threshold && (maxValue === null || maxValue === undefined))
    return { className: 'LeakyReLU', config: { ...base, alpha: negativeSlope } }
  return ours('ThresholdReLU', { ...base, maxValue, negativeSlope, threshold })
}

const gru =
  (className: 'GRU' | 'GRUCell'): Reader =>
  (config) =>
    config.resetAfter ? ours(className, config) : { className, config: { ...config, resetAfter: false } }

const convolution =
  (className: string): Reader =>
  (config, name, warn) => {
    if ((config.groups ?? 1) === 1) return { className, config: without(config, 'groups') }
    if (className === 'Conv3D') refuse(name, 'groups', config.groups, 'TensorFlow.js has no grouped Conv3D')
    return ours(`Grouped${className}`, kind('')(config, name, warn).config)
  }

const transposed =
  (className: string): Reader =>
  (config, name) => {
    const { outputPadding, dilationRate } = config
    if (outputPadding !== null && outputPadding !== undefined)
      refuse(name, 'output_padding', outputPadding, 'Give None')
    if ([dilationRate ?? 1].flat().some((rate) => rate !== 1))
      refuse(name, 'dilation_rate', dilationRate, 'Give 1')
    return { className, config: without(config, 'groups', 'outputPadding', 'dilationRate') }
  }

const kind =
  (className: string): Reader =>
  (config, name) => {
    if (className === 'MultiHeadAttention') checkAttention(config, name)
    const own = Object.entries(config).filter(
      ([key, value]) => !isObject(value) && !/Regularizer|Constraint/.test(key),
    )
    return ours(className, Object.fromEntries(own))
  }

const pooled =
  (className: string): Reader =>
  (config, name, warn) =>
    config.keepdims || className === 'GlobalAveragePooling1D' || className.endsWith('3D')
      ? kind(className)(config, name, warn)
      : { className, config: without(config, 'keepdims') }

const onlyInTraining: Reader = (config, name, warn) => {
  warn(`${name} changes its input in training only, and is the identity here`)
  return ours('Identity', pick(config, 'name trainable'))
}

const conv1d: Reader = (config, name, warn) =>
  config.padding === 'causal' && (config.groups ?? 1) === 1
    ? ours('CausalConv1D', kind('CausalConv1D')(config, name, warn).config)
    : convolution('Conv1D')(config, name, warn)

const reshape: Reader = (config, name, warn) =>
  // The stock layer leaves the size that -1 stands for open.
  (config.targetShape as number[]).includes(-1)
    ? kind('InferredReshape')(config, name, warn)
    : { className: 'Reshape', config }

const softmax: Reader = (config) =>
  (config.axis ?? -1) === -1
    ? { className: 'Softmax', config: { ...config, axis: -1 } }
    : ours('AxisSoftmax', pick(config, 'name trainable axis'))

const elu: Reader = (config) => {
  const own = pick(config, 'name trainable alpha')
  return (config.alpha ?? 1) === 1 ? { className: 'ELU', config: own } : ours('ScaledELU', own)
}

const upSampling2d: Reader = (config, name) => {
  const how = config.interpolation
  if (how !== 'nearest' && how !== 'bilinear') refuse(name, 'interpolation', how, 'Give nearest or bilinear')
  return how === 'nearest' ? { className: 'UpSampling2D', config } : ours('BilinearUpSampling2D', config)
}

const same =
  (className: string): Reader =>
  (config) => ({ className, config })

export const readers: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(
    (
      'Dense Activation Flatten RepeatVector Permute Masking Embedding Add Multiply Average Maximum Minimum ' +
      'Concatenate Dot PReLU LSTM LSTMCell SimpleRNN SimpleRNNCell RNN StackedRNNCells ConvLSTM2D ' +
      'TimeDistributed SpectralNormalization MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D ' +
      'ZeroPadding2D Cropping2D SeparableConv2D DepthwiseConv2D Rescaling'
    )
      .split(' ')
      .map((name) => [name, same(name)]),
  ),
  ...Object.fromEntries(Object.keys(kinds).map((name) => [name, kind(name)])),
  ...Object.fromEntries(['Conv2D', 'Conv3D'].map((name) => [name, convolution(name)])),
  ...Object.fromEntries(['Conv2DTranspose', 'Conv3DTranspose'].map((name) => [name, transposed(name)])),
  ...Object.fromEntries(
    ['1D', '2D', '3D'].flatMap((d) =>
      ['Average', 'Max'].map((how) => [`Global${how}Pooling${d}`, pooled(`Global${how}Pooling${d}`)]),
    ),
  ),
  ...Object.fromEntries(['1D', '2D', '3D'].map((d) => [`SpatialDropout${d}`, spatialDropout])),
  ...Object.fromEntries(
    'RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness ActivityRegularization'
      .split(' ')
      .map((name) => [name, onlyInTraining]),
  ),
  BatchNormalization: batchNormalization,
  LayerNormalization: (config) =>
    ours('LayerNormalization', pick(config, `${AFFINE}${config.rmsScaling ? ' rmsScaling' : ''}`)),
  GroupNormalization: (config) => ours('GroupNormalization', pick(config, `${AFFINE} groups`)),
  RMSNormalization: (config) => ours('RMSNormalization', pick(config, 'name trainable axis epsilon')),
  // Of keras.applications' ConvNeXt.
  LayerScale: (config) => ours('LayerScale', pick(config, 'name trainable')),
  StochasticDepth: (config) =>
    ours('DropPath', { ...pick(config, 'name trainable'), rate: config.dropPathRate }),
  UnitNormalization: (config) => ours('UnitNormalization', pick(config, 'name trainable axis')),
  Dropout: noise('Dropout', 'noiseShape'),
  GaussianDropout: noise('GaussianDropout'),
  GaussianNoise: noise('GaussianNoise'),
  AlphaDropout: noise('AlphaDropout', 'noiseShape'),
  Conv1D: conv1d,
  Reshape: reshape,
  ELU: elu,
  Softmax: softmax,
  LeakyReLU: (config) => ({
    className: 'LeakyReLU',
    config: { ...pick(config, 'name trainable'), alpha: config.negativeSlope ?? config.alpha },
  }),
  ReLU: relu,
  Bidirectional: (config) => ours('Bidirectional', config),
  GRU: gru('GRU'),
  GRUCell: gru('GRUCell'),
  UpSampling2D: upSampling2d,
}

/** Names of the classes of Keras that are known here. */
export const knownClasses = (): string =>
  Object.keys(readers)
    .filter((name) => !(name in kinds) || !ALIASES.has(name))
    .toSorted()
    .join(', ')
/** Kinds that are parts of Keras's layers, and no layers of Keras. */
const ALIASES = new Set([
  'ThresholdReLU',
  'BilinearUpSampling2D',
  'CausalConv1D',
  'GroupedConv1D',
  'GroupedConv2D',
  'InferredReshape',
  'ScaledELU',
])
