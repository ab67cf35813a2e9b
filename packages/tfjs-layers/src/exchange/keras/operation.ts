/** Keras operations in a functional model: `x + y`, `keras.ops.relu(x)`, `x[:, 0]`. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import { isKerasObject, isObject, type Config, type KerasObject } from '../json.ts'
import type { Kind } from './composite.ts'
import { operations, type Value } from './operations.ts'

/** In a template, an input stands as `{ input: 0 }` and a slice as `{ slice: [start, stop, step] }`. */
export type Template = number | string | boolean | null | Template[] | { [key: string]: Template }

export const isOperation = ({ module }: KerasObject): boolean => /^keras(\.src)?\.ops\b/.test(module ?? '')

/** `TrueDivide` -> `trueDivide`: a config's strings are put into camel case on loading. */
export const operationName = (className: string): string => className[0].toLowerCase() + className.slice(1)

/**
 * The arguments of a call with its tensors numbered.
 * @param number gives the place of a tensor among the inputs.
 */
export function templateOf(value: unknown, number: (tensor: KerasObject) => number, name: string): Template {
  if (Array.isArray(value)) return value.map((each) => templateOf(each, number, name))
  if (isKerasObject(value)) {
    if (value.class_name === '__keras_tensor__') return { input: number(value) }
    const { start, stop, step } = value.config as Record<string, Template>
    if (value.class_name === '__slice__') return { slice: [start, stop, step] }
    if (value.class_name === '__tuple__') return templateOf(value.config, number, name)
    if (value.class_name === '__ellipsis__') return { ellipsis: true }
    if (value.class_name === '__numpy__' || value.class_name === '__tensor__')
      return { constant: (value.config as { value: Template }).value }
  }
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, templateOf(each, number, name)]),
    )
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) return value as Template
  throw new NormlabError(name, show(value), 'Call it with tensors, numbers, lists and slices')
}

function filled(template: Template, inputs: tf.Tensor[]): Value {
  if (Array.isArray(template)) return template.map((each) => filled(each, inputs))
  if (!isObject(template)) return template as Value
  if ('input' in template) return inputs[template.input as number]
  if ('constant' in template) return tf.tensor(template.constant as number[])
  return template as unknown as Value
}

export const operation: Kind = {
  call(inputs, _, { operation: name, args, kwargs, settings }) {
    const known = operations[name as string]
    const named = Object.entries(kwargs as Record<string, Template>).map(([key, value]) => [
      key,
      filled(value, inputs),
    ])
    const given = (args as Template[]).map((each) => filled(each, inputs))
    return known(given, { ...(settings as Config), ...Object.fromEntries(named) })
  },
}

/** @throws NormlabError naming the operation. */
export function checkOperation(className: string): string {
  const name = operationName(className)
  if (operations[name]) return name
  const list = Object.keys(operations).map((each) => each[0].toUpperCase() + each.slice(1))
  throw new NormlabError(
    'config',
    `keras operation ${className} is not known here`,
    `Known are ${list.join(', ')}`,
  )
}
