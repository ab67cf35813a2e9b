/** A job's call, bound to its arrays. */
import { free, type AnyNorm, type Tensor } from '@normlab/core'
import type { Job } from './shapes.ts'

/** @returns a call that gives what it made, its result first. */
export function callOf({ variant, pass, options }: Job, x: Tensor, dy: Tensor): () => Tensor[] {
  const { shape } = x
  const record = variant as AnyNorm
  const double = x.data instanceof Float64Array
  const params = Object.fromEntries(
    Object.entries(record.params ?? {}).map(([name, param]) => {
      const size = record.paramShape(name, shape, options)
      const data = new (double ? Float64Array : Float32Array)(size.reduce((a, b) => a * b, 1))
      const init = typeof param.init === 'number' ? param.init : 1
      return [name, { data: data.map((_, i) => Math.fround(init + 0.01 * (i % 7))), shape: size }]
    }),
  )
  const given =
    pass === 'inference' ? { ...options, training: false, state: record.initState(shape, options) } : options
  const forward = () => record.forward(x, params, given)
  if (pass !== 'backward') return () => [forward().y]
  const { y, saved } = forward()
  free(y)
  return () => Object.values(record.backward(dy, saved)).filter((t) => 'data' in t)
}
