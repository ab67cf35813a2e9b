import type { Distribution, DistributionRecord } from '@normlab/core'
import { integer, number } from '../figure/format.ts'
import { ridgelineCaption } from '../ridgeline/caption.ts'
import { settingsOf, type RidgelineOptions } from '../ridgeline/options.ts'
import { ridgeline } from '../ridgeline/ridgeline.ts'
import { distributionTable } from '../ridgeline/table.ts'
import { flagOf, given, listOf, numberOf } from './attributes.ts'
import { FigureElement, type Shown } from './figureElement.ts'

/**
 * `<norm-ridgeline layer="dense_1" unit="3" side="pre" tone="with">`: `ridgeline` of its property `record`.
 *
 * Attributes: layer, unit (`all` for all units), side, tone, epochs, domain, x-label, row-height, overlap, ghost, width.
 * Without `width` it draws for the width that it has. What it contained stays until `record` is set.
 */
export class RidgelineElement extends FigureElement<RidgelineOptions> {
  static readonly observedAttributes = [
    ...['layer', 'unit', 'side', 'tone', 'epochs', 'domain'],
    ...['x-label', 'row-height', 'overlap', 'ghost', 'width'],
  ]
  #record: DistributionRecord | null = null
  #epoch: number | undefined = undefined

  get record(): DistributionRecord | null {
    return this.#record
  }
  set record(value: DistributionRecord | null) {
    this.#record = value
    this.#epoch = undefined
    this.schedule()
  }

  protected ready(): boolean {
    return this.#record !== null && this.#record !== undefined
  }

  protected show(width: number): Shown {
    const record = this.#record!
    const options: RidgelineOptions = { ...this.#attributes(), ...this.options, width }
    const { rows } = settingsOf(record, { ...options, highlight: undefined })
    const current = rows.findIndex((row) => row.epoch === (this.#epoch ?? options.highlight))
    const highlight = rows[current]?.epoch
    return {
      svg: ridgeline(record, { ...options, caption: false, highlight }),
      caption:
        typeof options.caption === 'string'
          ? options.caption
          : ridgelineCaption(record, { ...options, highlight }),
      thing: 'row',
      count: rows.length,
      current,
      stride: 1,
      status: current < 0 ? '' : sentence(rows[current]),
      table: [
        ['epoch', 'values', 'mean', 'std', 'min', 'max', 'not finite'],
        ...distributionTable(record, options).map((row) => [
          String(row.epoch),
          integer(row.count),
          ...[row.mean, row.std, row.min, row.max].map((value) => (row.count ? number(value, 4) : '–')),
          integer(row.notFinite),
        ]),
      ],
    }
  }

  protected choose(index: number): void {
    const { rows } = settingsOf(this.#record!, {
      ...this.#attributes(),
      ...this.options,
      highlight: undefined,
    })
    this.#epoch = rows[index]?.epoch
    this.schedule()
  }

  #attributes(): RidgelineOptions {
    const layer = this.getAttribute('layer')
    const unit = this.getAttribute('unit')
    return given({
      layer: layer ?? undefined,
      unit: unit === 'all' ? null : numberOf('unit', unit),
      side: (this.getAttribute('side') ?? undefined) as RidgelineOptions['side'],
      tone: (this.getAttribute('tone') ?? undefined) as RidgelineOptions['tone'],
      epochs: listOf('epochs', this.getAttribute('epochs')),
      domain: listOf('domain', this.getAttribute('domain')) as [number, number] | undefined,
      xLabel: this.getAttribute('x-label') ?? undefined,
      rowHeight: numberOf('row-height', this.getAttribute('row-height')),
      overlap: numberOf('overlap', this.getAttribute('overlap')),
      ghost: flagOf(this.getAttribute('ghost')),
    })
  }
}

function sentence({ epoch, summary, histogram }: Distribution): string {
  const broken = histogram.notFinite ? `, ${integer(histogram.notFinite)} not finite` : ''
  if (summary.count === 0) return `Epoch ${epoch}: no finite value${broken}.`
  const std = Math.sqrt(Math.max(0, summary.variance))
  return `Epoch ${epoch}: mean ${number(summary.mean)}, standard deviation ${number(std)}, ${integer(summary.count)} values from ${number(summary.min)} to ${number(summary.max)}${broken}.`
}
