/** Watches a training: the distribution of activations over one fixed batch, unit by unit, epoch by epoch. */
import { histogramOf, summaryOf, type Distribution, type DistributionRecord } from '@normlab/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { Callback } from '@tensorflow/tfjs-layers'
import { sitesOf, type Site } from './activations.ts'
import { NormlabError, show } from './errors.ts'
import { prober, type Side, type SideValues } from './probe.ts'
import { checkOptions, isRange, type RecorderOptions } from './recorderOptions.ts'

const FIRST_UNITS = 16

interface Recorded {
  readonly distributions: readonly Distribution[]
  readonly values: readonly SideValues[]
}

/**
 * Pass it to fit: `model.fit(x, y, { callbacks: [recorder] })`. By hand: `recorder.setModel(model)` and
 * `await recorder.record(epoch)`. Another model starts a new record.
 *
 * The value before a fused activation is computed again from the layer's input; a separate activation layer's is its
 * input; a layer without activation function has the same values on both sides. Unit is the channel of a convolution,
 * with values over batch and positions.
 * @throws NormlabError naming the option.
 */
export class ActivationRecorder extends Callback {
  readonly options: RecorderOptions
  readonly #recorded = new Map<number, Recorded>()
  #probing: { readonly sites: readonly Site[]; readonly run: ReturnType<typeof prober> } | undefined
  #stride = 1

  constructor(options: RecorderOptions) {
    super()
    checkOptions(options)
    this.options = { ...options }
  }

  override setModel(model: Parameters<Callback['setModel']>[0]): void {
    super.setModel(model)
    const { layers, sides = ['pre', 'post'], training = false } = this.options
    const sites = sitesOf(this.model, layers)
    if (sites.length === 0)
      throw new NormlabError('layers', 'no layer of the model has an activation function', 'Name layers')
    // By hand it may be a Sequential, from fit it is the model inside: what counts is the layers.
    const old = this.#probing?.sites
    if (old?.length === sites.length && sites.every(({ output }, i) => output === old[i].output)) return
    for (const site of sites) this.#unitsOf(site)
    this.#probing = { sites, run: prober(this.model, sites, sides, training) }
    this.#recorded.clear()
    this.#stride = 1
  }

  override async onTrainBegin(): Promise<void> {
    const first = this.params?.initialEpoch ?? 0
    if (first === 0 && this.options.epochs?.includes(0)) await this.record(0)
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    const done = epoch + 1
    if (this.options.epochs?.includes(done) ?? done % this.#stride === 0) await this.record(done)
  }

  /** Records now. @param epoch epochs completed; an earlier record of the same epoch is replaced. */
  async record(epoch: number): Promise<readonly Distribution[]> {
    if (!this.#probing)
      throw new NormlabError('model', 'none is set', 'Call setModel(model), or pass the recorder to fit')
    if (!Number.isInteger(epoch) || epoch < 0)
      throw new NormlabError('epoch', show(epoch), 'Give the number of epochs completed: 0, 1, 2, …')
    const probes = [this.options.probe].flat()
    if (probes.some((probe) => probe.isDisposed))
      throw new NormlabError('probe', 'it is disposed', 'Keep the tensor until recording is over')
    const values = await this.#probing.run(this.options.probe as Tensor | Tensor[])
    const distributions = this.#describe(values, epoch)
    this.#recorded.set(epoch, { distributions, values: this.options.keepValues ? values : [] })
    if (!this.options.epochs) this.#thin()
    this.options.onRecord?.(distributions, epoch)
    return distributions
  }

  /** Entries by epoch: for each layer and side its units, then the layer (`unit: null`), then the network (`layer: null`). */
  toJSON(): DistributionRecord {
    const epochs = [...this.#recorded.entries()].toSorted(([a], [b]) => a - b)
    return {
      format: 'normlab-distributions-1',
      distributions: epochs.flatMap(([, { distributions }]) => distributions),
    }
  }

  /** The values of a layer's output over the probe, where `keepValues` is set and the epoch was recorded. */
  values(layer: string, side: Side, epoch: number): { data: Float32Array; shape: number[] } | undefined {
    const found = this.#recorded
      .get(epoch)
      ?.values.find((value) => value.site.layer.name === layer && value.side === side)
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
        entry(unitValues(data, shape, site.unitAxis, unit), site.layer.name, unit, side),
      ),
      entry(data, site.layer.name, null, side),
    ])
    const sides = [...new Set(values.map(({ side }) => side))]
    return [...layers, ...sides.map((side) => entry(joined(values, side), null, null, side))]
  }

  #unitsOf({ layer, units }: Site): readonly number[] {
    const given = this.options.units
    const all = Array.from({ length: units }, (_, i) => i)
    if (given === 'all') return all
    const list = isList(given) ? given : given?.[layer.name]
    if (!list) return given ? [] : all.slice(0, FIRST_UNITS)
    const wrong = list.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= units)
    if (wrong !== undefined)
      throw new NormlabError(
        'units',
        `layer ${show(layer.name)} has no unit ${show(wrong)}`,
        `Give integers from 0 to ${units - 1}`,
      )
    return list
  }

  #thin(): void {
    const { maxEpochs = 256 } = this.options
    while (this.#recorded.size > maxEpochs) {
      this.#stride *= 2
      for (const epoch of this.#recorded.keys()) if (epoch % this.#stride) this.#recorded.delete(epoch)
    }
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
