/** DeepNorm's constants. Wang et al. 2022, https://arxiv.org/abs/2203.00555, figure 2. */
import { initializers } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'

/** Numbers of layers; a layer is attention and feed-forward together. Give `layers`, or the other three. */
export interface Depth {
  /** Of a model that is an encoder alone or a decoder alone. */
  layers?: number
  encoder?: number
  decoder?: number
  /** Which of the two the block stands in. */
  side?: 'encoder' | 'decoder'
}

/**
 * `alpha` multiplies the residual, `beta` is the gain of the initial weights of the feed-forward, of the values and of the
 * output projection; queries and keys have gain 1.
 * @throws NormlabError naming the argument.
 */
export function deepNormConstants({ layers, encoder, decoder, side }: Depth): {
  alpha: number
  beta: number
} {
  const check = (name: string, value: unknown): number => {
    if (Number.isInteger(value) && (value as number) > 0) return value as number
    throw new NormlabError(name, show(value), 'Give a number of layers, 1 or more')
  }
  if (encoder === undefined && decoder === undefined) {
    const n = check('layers', layers)
    return { alpha: (2 * n) ** 0.25, beta: (8 * n) ** -0.25 }
  }
  const [n, m] = [check('encoder', encoder), check('decoder', decoder)]
  if (side === 'decoder') return { alpha: (3 * m) ** 0.25, beta: (12 * m) ** -0.25 }
  if (side === 'encoder') {
    const both = (n ** 4 * m) ** (1 / 16)
    return { alpha: 0.81 * both, beta: 0.87 / both }
  }
  throw new NormlabError('side', show(side), "Give 'encoder' or 'decoder'")
}

/** Glorot's normal initializer with gain beta. */
export function deepNormInitializer(depth: Depth): ReturnType<typeof initializers.varianceScaling> {
  const { beta } = deepNormConstants(depth)
  return initializers.varianceScaling({ scale: beta ** 2, mode: 'fanAvg', distribution: 'normal' })
}
