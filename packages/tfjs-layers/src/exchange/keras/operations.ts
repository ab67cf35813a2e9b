/** What Keras's operations are here, by their class names. Settings are in camel case. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import type { Config } from '../json.ts'
import { applyNamed } from './apply.ts'

export type Value = tf.Tensor | number | string | boolean | null | Value[] | { slice: (number | null)[] }
type Operation = (args: Value[], settings: Config) => tf.Tensor

const binary =
  (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  ([a, b], settings) =>
    f(asTensor(a ?? (settings.x1 as Value)), asTensor(b ?? (settings.x2 as Value)))
const unary =
  (f: (x: tf.Tensor) => tf.Tensor): Operation =>
  ([x], settings) =>
    f((x ?? settings.x) as tf.Tensor)
const named =
  (name: string): Operation =>
  ([x]) =>
    applyNamed(name, x as tf.Tensor)
const reduce =
  (f: (x: tf.Tensor, axis: number[] | undefined, keep: boolean) => tf.Tensor): Operation =>
  ([x], { axis, keepdims }) =>
    f(x as tf.Tensor, axesOf(axis), Boolean(keepdims))

const asTensor = (value: Value): tf.Tensor =>
  value instanceof tf.Tensor ? value : tf.scalar(value as number)
const axesOf = (axis: unknown): number[] | undefined =>
  axis === null || axis === undefined ? undefined : ([axis].flat() as number[])
const tensorsOf = (value: Value): tf.Tensor[] => (value as tf.Tensor[]).map(asTensor)
const setting = (args: Value[], at: number, settings: Config, key: string): unknown =>
  args[at] ?? settings[key]
const around = (x: tf.Tensor, axis: number[] | undefined, keep: boolean): tf.Tensor =>
  tf.moments(x, axis, keep).variance

/** A size that is not known is -1: all but one of them must be. */
const reshape: Operation = (args, settings) => {
  const shape = (setting(args, 1, settings, 'newshape') ?? settings.newShape) as (number | null)[]
  return tf.reshape(
    args[0] as tf.Tensor,
    shape.map((size) => size ?? -1),
  )
}

/** numpy's indexing by numbers, slices and an ellipsis. */
const getItem: Operation = ([given, key]) => {
  const x = given as tf.Tensor
  const keys = (Array.isArray(key) ? key : [key]) as Value[]
  const isEllipsis = (each: Value) => typeof each === 'object' && each !== null && 'ellipsis' in each
  const at = keys.findIndex(isEllipsis)
  const all: Value = { slice: [null, null, null] }
  const fill = Array.from(
    { length: x.rank - keys.filter((each) => each !== null && !isEllipsis(each)).length },
    () => all,
  )
  const full = at < 0 ? [...keys, ...fill] : [...keys.slice(0, at), ...fill, ...keys.slice(at + 1)]
  const [begin, end, step, drop, add]: [number[], number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ]
  let axis = 0
  let out = 0
  for (const each of full) {
    if (each === null) {
      add.push(out++)
      continue
    }
    const size = x.shape[axis]
    if (typeof each === 'number') {
      const index = each < 0 ? each + size : each
      begin.push(index)
      end.push(index + 1)
      step.push(1)
      drop.push(axis)
    } else {
      const [start, stop, stride] = (each as { slice: (number | null)[] }).slice
      if ((stride ?? 1) < 1)
        throw new NormlabError('GetItem', `step ${show(stride)}`, 'Use a step of 1 or more')
      const place = (value: number) => Math.max(0, Math.min(size, value < 0 ? value + size : value))
      begin.push(place(start ?? 0))
      end.push(place(stop ?? size))
      step.push(stride ?? 1)
      out++
    }
    axis++
  }
  const cut = tf.stridedSlice(x, begin, end, step)
  const fewer = drop.length ? tf.squeeze(cut, drop) : cut
  return add.reduce((y, place) => tf.expandDims(y, place), fewer)
}

const dtypes = { bool: 'bool', int32: 'int32', int64: 'int32' } as Readonly<Record<string, 'bool' | 'int32'>>

export const operations: Readonly<Record<string, Operation>> = {
  add: binary(tf.add),
  subtract: binary(tf.sub),
  multiply: binary(tf.mul),
  divide: binary(tf.div),
  trueDivide: binary(tf.div),
  power: binary(tf.pow),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  matmul: binary((a, b) => tf.matMul(a, b)),
  equal: binary(tf.equal),
  notEqual: binary(tf.notEqual),
  greater: binary(tf.greater),
  greaterEqual: binary(tf.greaterEqual),
  less: binary(tf.less),
  lessEqual: binary(tf.lessEqual),
  logicalAnd: binary(tf.logicalAnd),
  logicalOr: binary(tf.logicalOr),
  logicalNot: unary(tf.logicalNot),
  where: ([keep, a, b]) => tf.where(keep as tf.Tensor, asTensor(a), asTensor(b)),
  negative: unary(tf.neg),
  absolute: unary(tf.abs),
  square: unary(tf.square),
  sqrt: unary(tf.sqrt),
  rsqrt: unary(tf.rsqrt),
  reciprocal: unary(tf.reciprocal),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  log: unary(tf.log),
  log1p: unary(tf.log1p),
  sin: unary(tf.sin),
  cos: unary(tf.cos),
  tanh: unary(tf.tanh),
  sign: unary(tf.sign),
  floor: unary(tf.floor),
  ceil: unary(tf.ceil),
  erf: unary(tf.erf),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6),
  selu: unary(tf.selu),
  silu: named('swish'),
  hardSigmoid: named('normlab>hardSigmoid'),
  mish: named('mish'),
  elu: ([x], { alpha }) => {
    const given = x as tf.Tensor
    return tf.where(
      tf.greater(given, 0),
      given,
      tf.mul(tf.expm1(tf.minimum(given, 0)), (alpha as number) ?? 1),
    )
  },
  leakyRelu: ([x], { negativeSlope }) => tf.leakyRelu(x as tf.Tensor, (negativeSlope as number) ?? 0.2),
  gelu: ([x], { approximate }) => applyNamed(approximate === false ? 'gelu' : 'gelu_new', x as tf.Tensor),
  softmax: ([x], { axis }) => tf.softmax(x as tf.Tensor, (axis as number) ?? -1),
  logSoftmax: ([x], { axis }) => tf.logSoftmax(x as tf.Tensor, (axis as number) ?? -1),
  mean: reduce(tf.mean),
  sum: reduce(tf.sum),
  max: reduce((x, axis, keep) => tf.max(x, axis, keep)),
  min: reduce((x, axis, keep) => tf.min(x, axis, keep)),
  var: reduce(around),
  std: reduce((x, axis, keep) => tf.sqrt(around(x, axis, keep))),
  clip: ([x], { xMin, xMax }) => tf.clipByValue(x as tf.Tensor, xMin as number, xMax as number),
  reshape,
  getItem,
  transpose: ([x], { axes }) => tf.transpose(x as tf.Tensor, (axes as number[] | null) ?? undefined),
  expandDims: (args, settings) =>
    tf.expandDims(args[0] as tf.Tensor, setting(args, 1, settings, 'axis') as number),
  squeeze: (args, settings) => tf.squeeze(args[0] as tf.Tensor, axesOf(setting(args, 1, settings, 'axis'))),
  concatenate: ([list], { axis }) => tf.concat(tensorsOf(list), (axis as number) ?? 0),
  stack: ([list], { axis }) => tf.stack(tensorsOf(list), (axis as number) ?? 0),
  flip: ([x], { axis }) => tf.reverse(x as tf.Tensor, axesOf(axis)),
  tile: ([x], { repeats }) => tf.tile(x as tf.Tensor, [repeats].flat() as number[]),
  cast: ([x], { dtype }) => tf.cast(x as tf.Tensor, dtypes[dtype as string] ?? 'float32'),
}
