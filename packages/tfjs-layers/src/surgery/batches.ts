/** The forms in which batches are given, and another walk through them for each pass. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../errors.ts'

type Named = Readonly<Record<string, tf.Tensor>>
/** Inputs of the model: a tensor, a list in the model's order, by name; or these with targets, which are left alone. */
export type Batch =
  | tf.Tensor
  | readonly tf.Tensor[]
  | Named
  | { readonly xs: tf.Tensor | readonly tf.Tensor[] | Named; readonly ys?: unknown }
interface DatasetLike {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>
}
export type Batches =
  | tf.Tensor
  | Iterable<Batch>
  | AsyncIterable<Batch>
  | DatasetLike
  | (() => Iterable<Batch> | AsyncIterable<Batch>)

const isDataset = (given: object): given is DatasetLike =>
  typeof (given as DatasetLike).iterator === 'function'
const refuse = (got: string): never => {
  throw new NormlabError(
    'dataset',
    got,
    'Give a tf.data.Dataset, a tensor, a list of batches, or a function that gives an (async) iterable of batches',
  )
}

/**
 * A function that goes through all batches once more at each call.
 * @throws NormlabError naming `dataset`.
 */
export function walks(given: Batches, batchSize: number): () => AsyncGenerator<tf.Tensor[] | Named> {
  if (typeof given === 'function') return () => each(given())
  if (given instanceof tf.Tensor) return () => slices(given, batchSize)
  if (typeof given !== 'object' || given === null) return refuse(show(given))
  if (isDataset(given)) return () => fromDataset(given)
  const iterable = given as Iterable<Batch> & AsyncIterable<Batch>
  const begin = iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator]
  if (typeof begin !== 'function') return refuse(show(given))
  // Statistics of a layer need those of the layers before it: the data is gone through once for each.
  if ('next' in given) return refuse('an iterator, which can be gone through only once')
  return () => each(iterable)
}

async function* each(batches: Iterable<Batch> | AsyncIterable<Batch>): AsyncGenerator<tf.Tensor[] | Named> {
  for await (const batch of batches) yield inputsOf(batch)
}

async function* slices(x: tf.Tensor, batchSize: number): AsyncGenerator<tf.Tensor[]> {
  const n = x.shape[0] ?? 0
  for (let at = 0; at < n; at += batchSize) {
    const part = tf.slice(x, at, Math.min(batchSize, n - at))
    try {
      yield [part]
    } finally {
      part.dispose()
    }
  }
}

/** A dataset makes its tensors anew, and they are ours to dispose. */
async function* fromDataset(dataset: DatasetLike): AsyncGenerator<tf.Tensor[] | Named> {
  const iterator = await dataset.iterator()
  for (;;) {
    const { value, done } = await iterator.next()
    if (done) return
    try {
      yield inputsOf(value as Batch)
    } finally {
      tf.dispose(value as tf.TensorContainer)
    }
  }
}

function inputsOf(batch: Batch): tf.Tensor[] | Named {
  const given: unknown = typeof batch === 'object' && batch !== null && 'xs' in batch ? batch.xs : batch
  if (given instanceof tf.Tensor) return [given]
  if (Array.isArray(given) && given.every((x) => x instanceof tf.Tensor)) return [...given]
  const values = typeof given === 'object' && given !== null ? Object.values(given) : []
  if (values.length && values.every((x) => x instanceof tf.Tensor)) return given as Named
  return refuse(`a batch of ${show(given)}`)
}
