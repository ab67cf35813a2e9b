import type { Side } from './jobs.ts'
import type { Measured } from './measure.ts'

export interface LayerRow extends Measured {
  readonly title: string
  readonly backend: string
  readonly side: Side
  /** Our time in this one: 100 means that ours is a hundred times as fast. */
  readonly ofOurs: { readonly step?: number; readonly inference?: number }
}

const WIDTHS = [36, 9, 9, 11, 9, 11, 9, 6, 9, 9]
const columns = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i < 3 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join(' ')

export function printLayerTitle(): void {
  console.log(
    columns([
      'layer',
      'backend',
      'side',
      'step ms',
      'x ours',
      'infer ms',
      'x ours',
      'runs',
      'kernels',
      'peak / x',
    ]),
  )
}

const digits = (value: number | undefined, places: number): string =>
  value === undefined || value === null || Number.isNaN(value) ? '' : value.toFixed(places)

export function printLayer({
  title,
  backend,
  side,
  step,
  inference,
  launches,
  peak,
  ofOurs,
}: LayerRow): void {
  const count = Object.values(launches).reduce((a, b) => a + b, 0)
  const cells = [
    title,
    backend,
    side,
    digits(step.ms, 2),
    digits(ofOurs.step, 1),
    digits(inference.ms, 2),
    digits(ofOurs.inference, 1),
    String(step.runs),
    count ? String(count) : '',
    digits(peak, 2),
  ]
  console.log(columns(cells))
  if (side === 'ours' && count)
    console.log(
      `  ${Object.entries(launches)
        .map(([name, n]) => `${name} ${n}`)
        .join(', ')}`,
    )
}
