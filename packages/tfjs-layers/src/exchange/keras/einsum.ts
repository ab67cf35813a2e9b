/** Keras's EinsumDense; keras/src/layers/core/einsum_dense.py. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError } from '../../errors.ts'
import type { Shape } from '../../shape.ts'
import type { Config } from '../json.ts'
import { applyNamed } from './apply.ts'
import type { Kind } from './composite.ts'

export const einsumDense: Kind = {
  weights(config, [shape]) {
    const { kernel, output, sizes } = einsumOf(config, shape)
    const bias = config.biasAxes ? biasShape(config.biasAxes as string, output, sizes) : undefined
    const own: [string, number[]][] = [['vars/0', [...kernel].map((letter) => sizes[letter])]]
    return bias ? [...own, ['vars/1', bias]] : own
  },
  call([x], [kernel, bias], config) {
    const { equation } = einsumOf(config, x.shape)
    const y = tf.einsum(equation, x, kernel)
    return applyNamed(config.activation, bias ? tf.add(y, bias) : y)
  },
}

/** Letters of the equation and the sizes that they stand for. `...` stands for leading axes. */
function einsumOf(config: Config, shape: Shape) {
  const [left, right] = (config.equation as string).replaceAll(' ', '').split('->')
  const [inputs, kernel] = left.split(',')
  const free = shape.length - inputs.replace('...', '').length
  const more = [...'XYZUVW'].slice(0, free).join('')
  const full = (term: string) => term.replace('...', more)
  const [of, output] = [full(inputs), full(right)]
  const sizes: Record<string, number> = {}
  ;[...of].forEach((letter, i) => (sizes[letter] = shape[i] ?? 1))
  const given = [config.outputShape].flat() as (number | null)[]
  const own = [...output].slice(output.length - given.length)
  own.forEach((letter, i) => {
    if (given[i] !== null) sizes[letter] = given[i]
  })
  return { kernel, output, sizes, equation: `${of},${kernel}->${output}` }
}

function biasShape(axes: string, output: string, sizes: Record<string, number>): number[] {
  const first = [...output].findIndex((letter) => axes.includes(letter))
  if (first < 0) throw new NormlabError('bias_axes', axes, `Name letters of ${output}`)
  return [...output].slice(first).map((letter) => (axes.includes(letter) ? sizes[letter] : 1))
}
