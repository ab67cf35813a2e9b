/**
 * Builders of blocks for functional models. Each returns a function on a symbolic tensor; inside are only layers of tfjs
 * and of this package, so a model of blocks is saved and loaded like any other.
 */
import { layers as stock, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { deepNormConstants, type Depth } from './deepNorm.ts'
import { NormlabError, show } from './errors.ts'
import { layers as own } from './layers.ts'

type Layer = stock.Layer
/** From a symbolic tensor to the next. */
export type Block = (x: SymbolicTensor) => SymbolicTensor
/** A layer, a block, or several that follow each other. */
export type Part = Layer | Block | readonly Part[]

export interface Residual {
  /** f: keeps x's shape. */
  sublayer: Part
  /** Makes a normalization; each place gets one of its own. Default: `layers.layerNormalization()`. */
  norm?: () => Layer
}

const apply = (part: Part, x: SymbolicTensor): SymbolicTensor => {
  if (Array.isArray(part)) return (part as readonly Part[]).reduce((value, each) => apply(each, value), x)
  if (part instanceof stock.Layer) return part.apply(x) as SymbolicTensor
  if (typeof part === 'function') return (part as Block)(x)
  throw new NormlabError('sublayer', show(part), 'Give a layer, a block, or a list of them')
}

function makeNorm(norm: Residual['norm'] = () => own.layerNormalization()): Layer {
  const layer: unknown = typeof norm === 'function' ? norm() : norm
  if (typeof norm === 'function' && layer instanceof stock.Layer) return layer
  throw new NormlabError(
    'norm',
    show(norm),
    'Give a function that makes a layer: () => layers.rmsNormalization()',
  )
}

/** f(x), of x's shape. */
function branch(sublayer: Part, x: SymbolicTensor, source: SymbolicTensor = x): SymbolicTensor {
  const y = apply(sublayer, x)
  if (String(y.shape) === String(source.shape)) return y
  throw new NormlabError(
    'sublayer',
    `it makes ${show(y.shape)} of ${show(source.shape)}`,
    'Give one that keeps the shape: what it returns is added to x',
  )
}

const add = (a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor =>
  stock.add().apply([a, b]) as SymbolicTensor

/** x + f(norm(x)). Pre-LN: Xiong et al. 2020, https://arxiv.org/abs/2002.04745. A stack of them ends with one more norm. */
export const preNorm =
  ({ sublayer, norm }: Residual): Block =>
  (x) =>
    add(x, branch([makeNorm(norm), sublayer], x))

/** norm(x + f(x)). Post-LN: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762. */
export const postNorm =
  ({ sublayer, norm }: Residual): Block =>
  (x) =>
    apply(makeNorm(norm), add(x, branch(sublayer, x)))

/** x + norm(f(norm(x))). Sandwich-LN: Ding et al. 2021, https://arxiv.org/abs/2105.13290. */
export const sandwichNorm =
  ({ sublayer, norm }: Residual): Block =>
  (x) =>
    add(x, branch([makeNorm(norm), sublayer, makeNorm(norm)], x))

/**
 * x + norm(f(norm(x))), as Sandwich-LN; a stack of them begins with a norm and ends with one (`stack` puts them there).
 * Peri-LN: Kim et al. 2025, https://arxiv.org/abs/2502.02732.
 */
export const periNorm = sandwichNorm

/**
 * norm(alpha x + f(x)). DeepNorm: Wang et al. 2022, https://arxiv.org/abs/2203.00555. The sublayer's weights want
 * `deepNormInitializer` of the same depth.
 */
export const deepNorm =
  ({ sublayer, norm, ...depth }: Residual & Depth): Block =>
  (x) => {
    const { alpha } = deepNormConstants(depth)
    const scaled = stock.rescaling({ scale: alpha, offset: 0 }).apply(x) as SymbolicTensor
    return apply(makeNorm(norm), add(scaled, branch(sublayer, x)))
  }

const placements = { preNorm, postNorm, sandwichNorm, periNorm, deepNorm }
export type Placement = keyof typeof placements

/**
 * Residual blocks around these sublayers, one after another, and the norms that the placement wants around them all:
 * Pre-LN and Sandwich-LN after the last, Peri-LN before the first and after the last. For DeepNorm two sublayers
 * (attention and feed-forward) count as one layer of the paper, unless a depth is given.
 */
export function stack({
  placement,
  sublayers,
  norm,
  ...depth
}: { placement: Placement; sublayers: readonly Part[]; norm?: Residual['norm'] } & Partial<Depth>): Block {
  if (!Object.hasOwn(placements, placement))
    throw new NormlabError('placement', show(placement), `Give one of ${Object.keys(placements).join(', ')}`)
  const given = depth.layers !== undefined || depth.encoder !== undefined
  const whole = given ? (depth as Depth) : { layers: Math.max(1, Math.ceil(sublayers.length / 2)) }
  return (x) => {
    let y = placement === 'periNorm' ? apply(makeNorm(norm), x) : x
    for (const sublayer of sublayers) y = placements[placement]({ sublayer, norm, ...whole } as never)(y)
    return ['preNorm', 'sandwichNorm', 'periNorm'].includes(placement) ? apply(makeNorm(norm), y) : y
  }
}

type Maker = Layer | (() => Layer)
export interface Ordered {
  /** The parts in their order, such as `'linear norm activation dropout'`; each of them may be left out, or stand twice. */
  order: string
  /** Such as a dense layer. A function makes one for each place. */
  linear?: Maker
  /** A convolution. */
  conv?: Maker
  /** Default: `layers.batchNormalization()`. */
  norm?: Maker
  /** tfjs's name of the function, or a layer. Default `'relu'`. */
  activation?: string | Maker
  /** The dropped fraction, or a layer. Default 0.5. */
  dropout?: number | Maker
}

const makers: Readonly<Record<string, (given: Ordered) => unknown>> = {
  linear: ({ linear }) => linear,
  conv: ({ conv }) => conv,
  norm: ({ norm = () => own.batchNormalization() }) => norm,
  activation: ({ activation = 'relu' }) =>
    typeof activation === 'string' ? () => stock.activation({ activation: activation as never }) : activation,
  dropout: ({ dropout = 0.5 }) =>
    typeof dropout === 'number' ? () => own.dropout({ rate: dropout }) : dropout,
}

/** Linear or convolution, normalization, activation and dropout in the order given. */
export function block(given: Ordered): Block {
  const words = typeof given?.order === 'string' ? given.order.split(/[\s,]+/).filter(Boolean) : []
  const names = Object.keys(makers).join(', ')
  if (words.length === 0)
    throw new NormlabError('order', show(given?.order), `Name parts in their order: ${names}`)
  const made = words.map((word) => {
    if (!Object.hasOwn(makers, word))
      throw new NormlabError('order', `unknown part ${show(word)}`, `The parts are ${names}`)
    const maker = makers[word](given)
    if (typeof maker === 'function') return maker as () => Layer
    if (!(maker instanceof stock.Layer))
      throw new NormlabError(
        word,
        show(maker),
        `Give a layer, or a function that makes one: the order names ${word}`,
      )
    if (words.filter((other) => other === word).length > 1)
      throw new NormlabError(
        word,
        'one layer, and the order names it twice',
        'Give a function that makes one',
      )
    return () => maker
  })
  return (x) => made.reduce((y, make) => make().apply(y) as SymbolicTensor, x)
}
