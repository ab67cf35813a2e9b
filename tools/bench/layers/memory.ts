/** Memory that a call takes. tf.memory() counts a clone, which shares its data, as new bytes, and scratch not at all. */
import * as tf from '@tensorflow/tfjs-core'

interface Info {
  readonly dataId: object
}
interface Storage {
  set(id: object, entry: { values?: ArrayBufferView; shape?: number[]; refCount?: number }): void
  delete(id: object): boolean
}
interface Backend {
  readonly wasm?: { _malloc(bytes: number): number; _free(at: number): void }
  /** cpu, webgl, webgpu. */
  readonly data?: Storage
  readonly texData?: Storage
  readonly tensorMap?: Storage
  /** tensorflow. */
  executeSingleOutput?(name: string, attrs: readonly unknown[], inputs: readonly Info[]): Info
}

/** The greatest number of bytes that are there at once, beyond those at the beginning. */
export function peakOf(run: () => void): number {
  const backend = tf.backend() as unknown as Backend
  const sizes = new Map<unknown, number>()
  let now = 0
  let most = 0
  const add = (key: unknown, bytes: number): void => {
    if (sizes.has(key)) return
    sizes.set(key, bytes)
    most = Math.max(most, (now += bytes))
  }
  const remove = (key: unknown): void => {
    now -= sizes.get(key) ?? 0
    sizes.delete(key)
  }
  const undo = backend.wasm ? watchHeap(backend.wasm, add, remove) : watchStorage(backend, add, remove)
  try {
    run()
  } finally {
    undo()
  }
  return most
}

type Add = (key: unknown, bytes: number) => void
type Remove = (key: unknown) => void

function watchHeap(wasm: NonNullable<Backend['wasm']>, add: Add, remove: Remove): () => void {
  const { _malloc: malloc, _free: free } = wasm
  Object.assign(wasm, {
    _malloc(bytes: number) {
      const at = malloc(bytes)
      add(at, bytes)
      return at
    },
    _free(at: number) {
      remove(at)
      free(at)
    },
  })
  return () => void Object.assign(wasm, { _malloc: malloc, _free: free })
}

function watchStorage(backend: Backend, add: Add, remove: Remove): () => void {
  const storage = (backend.data ?? backend.texData ?? backend.tensorMap)!
  const { set, delete: discard } = storage
  // TensorFlow's Reshape gives the same buffer another shape: it is there until the last of them goes.
  const buffers = new Map<object, { holders: number }>()
  let shared: object | undefined
  const execute = backend.executeSingleOutput
  if (execute)
    backend.executeSingleOutput = function (name, attrs, inputs) {
      if (name === 'Reshape') shared = inputs[0].dataId
      try {
        return execute.call(this, name, attrs, inputs)
      } finally {
        shared = undefined
      }
    }
  Object.assign(storage, {
    set(id: object, entry: Parameters<Storage['set']>[1]) {
      const buffer = (shared && buffers.get(shared)) ?? { holders: 0 }
      if (!buffers.has(id)) buffer.holders++
      buffers.set(id, buffer)
      // A tensor from before the call that is reshaped takes nothing.
      if (!shared || buffers.has(shared))
        add(buffer, entry.values?.byteLength ?? (entry.shape ?? []).reduce((a, b) => a * b, 4))
      set.call(storage, id, entry)
    },
    delete(id: object) {
      const buffer = buffers.get(id)
      if (buffer && --buffer.holders === 0) remove(buffer)
      buffers.delete(id)
      return discard.call(storage, id)
    },
  })
  return () => {
    Object.assign(storage, { set, delete: discard })
    if (execute) backend.executeSingleOutput = execute
  }
}
