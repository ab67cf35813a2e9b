/** The kernels of a layer, and which of their axes are outputs. */
import type { layers, LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'

export interface Kernel {
  /** As the layer has it; with a number where a layer has several of a name. */
  readonly name: string
  readonly variable: LayerVariable
  /** Axes `o` of the record's pattern; all others are `i`. */
  readonly axis: readonly number[]
}

const KERNELS = ['kernel', 'recurrent_kernel', 'depthwise_kernel', 'pointwise_kernel', 'embeddings']

/** dense [i, o]; convolution [..., i, o]; transposed [..., o, i]; depthwise [..., i, multiplier], all of these outputs; embedding [o, i]. */
function outputsOf(name: string, rank: number, className: string): number[] {
  if (name === 'embeddings') return [0]
  if (name === 'depthwise_kernel') return [rank - 2, rank - 1]
  return [className.endsWith('Transpose') ? rank - 2 : rank - 1]
}

const plainName = ({ originalName }: LayerVariable): string => originalName.replace(/^.*\//, '')

/**
 * @param names of weights; default: all kernels that the layer has.
 * @throws NormlabError naming `layer` or `kernels`.
 */
export function kernelsOf(layer: layers.Layer, names: readonly string[] | undefined): Kernel[] {
  const weights = layer.weights
  const wanted = names ?? KERNELS
  const missing = names?.find((name) => !weights.some((weight) => plainName(weight) === name))
  const has = `It has ${weights.map(plainName).join(', ') || 'no weights'}`
  if (missing !== undefined) throw new NormlabError('kernels', `${layer.name} has no ${show(missing)}`, has)
  const found = weights.filter((weight) => wanted.includes(plainName(weight)) && weight.shape.length > 1)
  if (found.length === 0)
    throw new NormlabError('layer', `${layer.name} has no kernel`, `${has}; say which with kernels`)
  const seen = new Map<string, number>()
  return found.map((variable) => {
    const name = plainName(variable)
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return {
      name: count ? `${name}_${count}` : name,
      variable,
      axis: outputsOf(name, variable.shape.length, layer.getClassName()),
    }
  })
}
