import { histogramOf, type Distribution } from '@normlab/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { NormlabError, show } from './errors.ts'
import type { Side } from './probe.ts'

export type Range = readonly [min: number, max: number]

export interface RecorderOptions {
  /** The batch that every record runs on; a list for a model of several inputs. It stays yours to dispose. */
  probe: Tensor | Tensor[]
  /** Names of layers. Default: every layer that has an activation function of its own and is applied once. */
  layers?: readonly string[]
  /** Units that get entries of their own: for all layers, or by layer name. Default: the first 16 of each layer. */
  units?: readonly number[] | 'all' | Readonly<Record<string, readonly number[]>>
  /** Epochs completed at which to record; 0 is before training. Default: after each epoch, thinned to `maxEpochs`. */
  epochs?: readonly number[]
  /** Default both. */
  sides?: readonly Side[]
  /** Bins of a histogram, default 64. */
  bins?: number
  /** Range of the histograms, for both sides or each; values outside are counted as such. Default: each its own. */
  range?: Range | { readonly pre?: Range; readonly post?: Range }
  /** Keep the values themselves, for `values()`: layers x sides x epochs x size of the output, 4 bytes each. Default false. */
  keepValues?: boolean
  /**
   * Run the probe in training mode: statistics of the probe itself, and dropout. The model's moving statistics and
   * dropout's step stay as they are. Default false: BatchNormalization uses its moving statistics, as at inference.
   */
  training?: boolean
  /** Where `epochs` is not given: once more are recorded, every second one is dropped, and so on. Default 256. */
  maxEpochs?: number
  /** Called after each record with its entries. */
  onRecord?: (distributions: readonly Distribution[], epoch: number) => void
}

const OPTIONS = 'probe layers units epochs sides bins range keepValues training maxEpochs onRecord'.split(' ')
export const isRange = (value: unknown): value is Range => Array.isArray(value)

/** @throws NormlabError naming the option. */
export function checkOptions(options: RecorderOptions): void {
  const refuse = (argument: string, value: unknown, remedy: string): never => {
    throw new NormlabError(argument, show(value), remedy)
  }
  if (typeof options !== 'object' || options === null) refuse('options', options, 'Give { probe }')
  for (const name of Object.keys(options))
    if (!OPTIONS.includes(name))
      throw new NormlabError(name, 'the recorder has no such option', `It has ${OPTIONS.join(', ')}`)
  const { probe, sides, epochs, bins, range, maxEpochs } = options
  const probes = [probe].flat()
  if (probes.length === 0 || probes.some((tensor) => !tensor?.shape || tensor.dataId === undefined))
    throw new NormlabError('probe', 'no tensor', 'Give the batch to run, a tf.Tensor or a list of them')
  if (sides && (sides.length === 0 || sides.some((side) => side !== 'pre' && side !== 'post')))
    refuse('sides', sides, "Give 'pre', 'post' or both")
  if (epochs?.some((epoch) => !Number.isInteger(epoch) || epoch < 0))
    refuse('epochs', epochs, 'Give integers, 0 for before training')
  if (maxEpochs !== undefined && !(Number.isInteger(maxEpochs) && maxEpochs > 1))
    refuse('maxEpochs', maxEpochs, 'Give an integer above 1')
  // A histogram of nothing checks bins and ranges by core's own rules.
  for (const given of isRange(range) ? [range] : [range?.pre, range?.post])
    histogramOf([], { bins, ...(given ? { min: given[0], max: given[1] } : {}) })
}
