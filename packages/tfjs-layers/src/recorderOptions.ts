import { histogramOf, type Distribution, type Side } from '@normlab/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { NormlabError, show } from './errors.ts'
import type { Loss } from './probe.ts'

export type Range = readonly [min: number, max: number]

export interface RecorderOptions {
  /** The batch that every record runs on; a list for a model of several inputs. It stays yours to dispose. */
  probe: Tensor | Tensor[]
  /**
   * Targets of the probe: with them the gradient of the loss is recorded, as the side `gradient` and the measure `gradientNorm`. They
   * stay yours to dispose.
   */
  targets?: Tensor | Tensor[]
  /** Of outputs and targets. Default: that which the model is compiled with; without compiling it is needed. */
  loss?: Loss
  /**
   * Names of layers; in a nested model with its name before it, `encoder/dense`. Default: every layer that has an activation function of its own
   * and is applied once; and for the measures of weights every layer that has some.
   */
  layers?: readonly string[]
  /** Units that get entries of their own: for all layers, or by layer name. Default: the first 16 of each layer. */
  units?: readonly number[] | 'all' | Readonly<Record<string, readonly number[]>>
  /**
   * Epochs completed at which to record; 0 is before training. Default: after each epoch as `budget` allows, and at the
   * end; thinned to `maxEpochs`.
   */
  epochs?: readonly number[]
  /** Where `epochs` is not given: the share of the training's time that recording may take, default 0.1. The first epoch is always recorded. */
  budget?: number
  /** Saturated and dead units, norms of weights and gradients, update ratios: default true. */
  measures?: boolean
  /** Default `pre` and `post`, and `gradient` where there are targets. */
  sides?: readonly Side[]
  /** Bins of a histogram, default 64. */
  bins?: number
  /** Range of the histograms, for all sides or each; values outside are counted as such. Default: each its own. */
  range?: Range | { readonly [side in Side]?: Range }
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

const OPTIONS =
  'probe targets loss layers units epochs budget measures sides bins range keepValues training maxEpochs onRecord'.split(
    ' ',
  )
const SIDES: readonly Side[] = ['pre', 'post', 'gradient']
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
  const { probe, targets, sides, epochs, budget, bins, range, maxEpochs } = options
  const probes = [probe].flat()
  if (probes.length === 0 || probes.some((tensor) => !tensor?.shape || tensor.dataId === undefined))
    throw new NormlabError('probe', 'no tensor', 'Give the batch to run, a tf.Tensor or a list of them')
  const isTensor = (tensor: Tensor | undefined) => tensor?.shape && tensor.dataId !== undefined
  if (targets && ![targets].flat().every(isTensor))
    refuse('targets', targets, 'Give a tf.Tensor, or a list of them for several outputs')
  if (sides && (sides.length === 0 || sides.some((side) => !SIDES.includes(side))))
    refuse('sides', sides, `Give some of ${SIDES.map((side) => `'${side}'`).join(', ')}`)
  if (sides?.includes('gradient') && !targets) refuse('sides', sides, 'Give targets, for the loss')
  if (budget !== undefined && !(budget > 0))
    refuse('budget', budget, 'Give a share above 0, Infinity for no limit')
  if (epochs?.some((epoch) => !Number.isInteger(epoch) || epoch < 0))
    refuse('epochs', epochs, 'Give integers, 0 for before training')
  if (maxEpochs !== undefined && !(Number.isInteger(maxEpochs) && maxEpochs > 1))
    refuse('maxEpochs', maxEpochs, 'Give an integer above 1')
  // A histogram of nothing checks bins and ranges by core's own rules.
  for (const given of isRange(range) ? [range] : SIDES.map((side) => range?.[side]))
    histogramOf([], { bins, ...(given ? { min: given[0], max: given[1] } : {}) })
}
