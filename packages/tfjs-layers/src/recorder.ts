/** Watches a training: distributions over one fixed batch, unit by unit, epoch by epoch, and measures of each layer as curves. */
import { histogramOf, summaryOf, type Distribution, type DistributionRecord, type Side } from '@normlab/core'
import { addN, mean, type Tensor } from '@tensorflow/tfjs-core'
import { Callback } from '@tensorflow/tfjs-layers'
import { sitesOf, weightedLayers, type Site } from './activations.ts'
import { NormlabError, show } from './errors.ts'
import { saturation, seriesOf, Step, weightNorms, type Measured, type Named } from './measures.ts'
import { prober, type Loss, type Reading, type SideValues } from './probe.ts'
import { checkOptions, isRange, type RecorderOptions } from './recorderOptions.ts'
import { Schedule } from './schedule.ts'

const FIRST_UNITS = 16

interface Recorded {
  readonly distributions: readonly Distribution[]
  readonly values: readonly SideValues[]
  readonly measured: Measured
}

interface Watched {
  readonly sites: readonly Site[]
  readonly weighted: readonly Named[]
  readonly run: ReturnType<typeof prober>
}

/**
 * Pass it to fit: `model.fit(x, y, { callbacks: [recorder] })`. In a loop of your own: `recorder.setModel(model)`, then
 * `await recorder.record(epoch)`; around a step, `recorder.beforeStep()` and `await recorder.afterStep()` measure its update. Another
 * model starts a new record.
 *
 * Any tf.LayersModel will do: functional, of several inputs and outputs, with nested models and stock layers. The value before a fused
 * activation is computed again from the layer's input; a separate activation layer's is its input; a layer without activation function has
 * the same values on both sides. Unit is the channel of a convolution, with values over batch and positions. With `targets` the gradient
 * of the loss with respect to the layer's output is a third side.
 * @throws NormlabError naming the option.
 */
export class ActivationRecorder extends Callback {
  readonly options: RecorderOptions
  readonly #recorded = new Map<number, Recorded>()
  readonly #schedule: Schedule
  #watched: Watched | undefined
  #step: Step | undefined
  /** Of the last step that was measured, by layer. */
  #ratios = new Map<string, number>()

  constructor(options: RecorderOptions) {
    super()
    checkOptions(options)
    this.options = { ...options }
    this.#schedule = new Schedule(options)
  }

  override setModel(model: Parameters<Callback['setModel']>[0]): void {
    super.setModel(model)
    const { layers, sides, training = false, measures = true, targets } = this.options
    const sites = sitesOf(this.model, layers)
    if (sites.length === 0)
      throw new NormlabError('layers', 'no layer of the model has an activation function', 'Name layers')
    if (targets) this.#loss()
    // By hand it may be a Sequential, from fit it is the model inside: what counts is the layers.
    const old = this.#watched?.sites
    if (old?.length === sites.length && sites.every(({ output }, i) => output === old[i].output)) return
    for (const site of sites) this.#unitsOf(site)
    const weighted = measures ? weightedLayers(this.model, layers) : []
    const run = prober(this.model, {
      sites,
      weighted: weighted.map(({ layer }) => layer),
      sides: sides ?? ['pre', 'post', ...(targets ? (['gradient'] as const) : [])],
      training,
      slopes: measures,
    })
    this.#watched = { sites, weighted, run }
    this.#recorded.clear()
    this.#ratios.clear()
    this.#schedule.restart()
  }

  override async onTrainBegin(): Promise<void> {
    this.#schedule.begin()
    const first = this.params?.initialEpoch ?? 0
    if (first === 0 && this.options.epochs?.includes(0)) await this.record(0)
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#schedule.epoch = epoch
  }

  override async onBatchBegin(batch: number): Promise<void> {
    if (batch === 0 && this.#schedule.due(this.#schedule.epoch + 1)) this.beforeStep()
  }

  override async onBatchEnd(): Promise<void> {
    if (this.#step) await this.afterStep()
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    if (this.#schedule.due(epoch + 1)) await this.record(epoch + 1)
  }

  override async onTrainEnd(): Promise<void> {
    const last = this.#schedule.epoch + 1
    if (!this.#recorded.has(last) && this.#schedule.skipped(last)) await this.record(last)
  }

  /** Keeps the weights as they are before a step. It costs no copy, but their memory until `afterStep`. */
  beforeStep(): void {
    this.#step?.dispose()
    this.#step = new Step(this.#model().weighted)
  }

  /** Measures the step since `beforeStep`, for the next record. */
  async afterStep(): Promise<void> {
    if (!this.#step) throw new NormlabError('afterStep', 'no step was begun', 'Call beforeStep() before it')
    const ratios = await this.#step.ratios()
    this.#step = undefined
    this.#model().weighted.forEach(({ name }, i) => this.#ratios.set(name, ratios[i]))
  }

  #model(): Watched {
    if (this.#watched) return this.#watched
    throw new NormlabError('model', 'none is set', 'Call setModel(model), or pass the recorder to fit')
  }

  /** Records now. @param epoch epochs completed; an earlier record of the same epoch is replaced. */
  async record(epoch: number): Promise<readonly Distribution[]> {
    const { run, weighted } = this.#model()
    if (!Number.isInteger(epoch) || epoch < 0)
      throw new NormlabError('epoch', show(epoch), 'Give the number of epochs completed: 0, 1, 2, …')
    const { probe, targets, keepValues, onRecord } = this.options
    for (const [name, given] of Object.entries({ probe, targets }))
      if ([given].flat().some((tensor) => tensor?.isDisposed))
        throw new NormlabError(name, 'it is disposed', 'Keep the tensor until recording is over')
    const distributions = await this.#schedule.timed(async () => {
      const reading = await run(
        probe,
        targets ? { values: [targets].flat() as Tensor[], loss: this.#loss() } : undefined,
      )
      const norms = await weightNorms(weighted)
      const found = this.#describe(reading.values, epoch)
      const measured = this.#measure(reading, norms)
      this.#recorded.set(epoch, { distributions: found, values: keepValues ? reading.values : [], measured })
      return found
    })
    if (!this.options.epochs) this.#schedule.thin(this.#recorded)
    onRecord?.(distributions, epoch)
    return distributions
  }

  /** @throws NormlabError naming `loss`. */
  #loss(): Loss {
    const { loss } = this.options
    if (loss) return loss
    type Compiled = { lossFunctions?: ((truth: Tensor, y: Tensor) => Tensor)[]; model?: Compiled }
    const model = this.model as unknown as Compiled
    const functions = model.lossFunctions ?? model.model?.lossFunctions
    if (!functions)
      throw new NormlabError(
        'loss',
        'not given, and the model is not compiled',
        'Give a function of outputs and targets',
      )
    return (outputs, targets) => addN(outputs.map((y, i) => mean(functions[i](targets[i], y))))
  }

  #measure({ slopes, gradientNorms }: Reading, norms: readonly number[]): Measured {
    const measured: Measured = new Map()
    const { sites, weighted } = this.#model()
    const add = (name: string, values: object) => measured.set(name, { ...measured.get(name), ...values })
    for (const site of sites) {
      const found = slopes.get(site)
      if (found) add(site.name, saturation(site, found))
    }
    weighted.forEach(({ name, layer }, i) => {
      add(name, { weightNorm: norms[i] })
      const gradientNorm = gradientNorms.get(layer)
      if (gradientNorm !== undefined) add(name, { gradientNorm })
      const updateRatio = this.#ratios.get(name)
      if (updateRatio !== undefined) add(name, { updateRatio })
    })
    this.#ratios.clear()
    return measured
  }

  /**
   * Entries by epoch: for each layer and side its units, then the layer (`unit: null`), then the network (`layer: null`); and a
   * curve for each layer and measure.
   */
  toJSON(): DistributionRecord {
    const epochs = [...this.#recorded.entries()].toSorted(([a], [b]) => a - b)
    return {
      format: 'normlab-distributions-1',
      distributions: epochs.flatMap(([, { distributions }]) => distributions),
      series: seriesOf(epochs.map(([epoch, { measured }]) => [epoch, measured] as const)),
    }
  }

  /** The values of a layer's output over the probe, where `keepValues` is set and the epoch was recorded. */
  values(layer: string, side: Side, epoch: number): { data: Float32Array; shape: number[] } | undefined {
    const found = this.#recorded
      .get(epoch)
      ?.values.find((value) => value.site.name === layer && value.side === side)
    return found && { data: found.data, shape: found.shape }
  }

  #describe(values: readonly SideValues[], epoch: number): Distribution[] {
    const entry = (
      data: Float32Array,
      layer: string | null,
      unit: number | null,
      side: Side,
    ): Distribution => {
      const { range, bins } = this.options
      const given = isRange(range) ? range : range?.[side]
      const limits = given ? { min: given[0], max: given[1] } : {}
      return {
        epoch,
        layer,
        unit,
        side,
        histogram: histogramOf(data, { bins, ...limits }),
        summary: summaryOf(data),
      }
    }
    const layers = values.flatMap(({ site, side, data, shape }) => [
      ...this.#unitsOf(site).map((unit) =>
        entry(unitValues(data, shape, site.unitAxis, unit), site.name, unit, side),
      ),
      entry(data, site.name, null, side),
    ])
    const sides = [...new Set(values.map(({ side }) => side))]
    return [...layers, ...sides.map((side) => entry(joined(values, side), null, null, side))]
  }

  #unitsOf({ name, units }: Site): readonly number[] {
    const given = this.options.units
    const all = Array.from({ length: units }, (_, i) => i)
    if (given === 'all') return all
    const list = isList(given) ? given : given?.[name]
    if (!list) return given ? [] : all.slice(0, FIRST_UNITS)
    const wrong = list.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= units)
    if (wrong !== undefined)
      throw new NormlabError(
        'units',
        `layer ${show(name)} has no unit ${show(wrong)}`,
        `Give integers from 0 to ${units - 1}`,
      )
    return list
  }
}

const isList = (value: unknown): value is readonly number[] => Array.isArray(value)

/** Values of one unit, in the order of the other axes. */
function unitValues(data: Float32Array, shape: readonly number[], axis: number, unit: number): Float32Array {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1)
  const result = new Float32Array(inner * outer)
  for (let i = 0; i < outer; i++) {
    const from = (i * shape[axis] + unit) * inner
    result.set(data.subarray(from, from + inner), i * inner)
  }
  return result
}

function joined(values: readonly SideValues[], side: Side): Float32Array {
  const parts = values.filter((value) => value.side === side)
  const result = new Float32Array(parts.reduce((size, { data }) => size + data.length, 0))
  let at = 0
  for (const { data } of parts) {
    result.set(data, at)
    at += data.length
  }
  return result
}
