/** Memory that a call takes. tf.memory() counts a clone, which shares its data, as new bytes, and scratch not at all. */
import * as tf from '@tensorflow/tfjs-core'

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

function watchStorage({ data, texData, tensorMap }: Backend, add: Add, remove: Remove): () => void {
  const storage = (data ?? texData ?? tensorMap)!
  const { set, delete: discard } = storage
  Object.assign(storage, {
    set(id: object, entry: Parameters<Storage['set']>[1]) {
      add(id, entry.values?.byteLength ?? (entry.shape ?? []).reduce((a, b) => a * b, 4))
      set.call(storage, id, entry)
    },
    delete(id: object) {
      remove(id)
      return discard.call(storage, id)
    },
  })
  return () => void Object.assign(storage, { set, delete: discard })
}
