/** Forms of a Keras 3 config. */
import type { layers } from '@tensorflow/tfjs-layers'

export type Layer = layers.Layer
export type Config = Record<string, unknown>

/** An object as Keras 3 serializes it. */
export interface KerasObject {
  readonly module?: string | null
  readonly class_name: string
  readonly config: Config
  readonly registered_name?: string | null
  readonly build_config?: Config | null
  readonly shared_object_id?: number
  /** In a functional model. */
  readonly name?: string
  readonly inbound_nodes?: readonly unknown[]
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isKerasObject = (value: unknown): value is KerasObject =>
  isObject(value) && typeof value.class_name === 'string'

/** `kernel_size` -> `kernelSize`. */
export const camel = (name: string): string => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase())

/** `kernelSize` -> `kernel_size`. */
export const snake = (name: string): string => name.replace(/([A-Z])/g, (c) => `_${c.toLowerCase()}`)

/** Name of a class in the weights file: keras/src/utils/naming.py. `Conv2D` -> `conv2d`, `LeakyReLU` -> `leaky_re_lu`. */
export const snakeClass = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

/** Gives each name once, and `name_1`, `name_2` when it comes again. */
export function uniqueNames(): (name: string) => string {
  const used = new Map<string, number>()
  return (name) => {
    const count = used.get(name)
    used.set(name, (count ?? -1) + 1)
    return count === undefined ? name : `${name}_${count + 1}`
  }
}
