import { tickLabels } from '../figure/format.ts'
import { SMALL } from '../figure/frame.ts'
import { textWidth } from '../figure/text.ts'
import { ticks } from '../figure/ticks.ts'

export interface FewTicks {
  readonly at: readonly number[]
  readonly labels: readonly string[]
  /** Width in px of the widest label. */
  readonly widest: number
}

/** About three round numbers within [low, high], which must be a range, fewer where labels would meet on `width` pixels. */
export function fewTicks(low: number, high: number, width: number): FewTicks {
  for (let count = 3; ; count--) {
    const at = ticks(low, high, count)
    const labels = tickLabels(at)
    const widest = Math.max(0, ...labels.map((label) => textWidth(label, SMALL)))
    const apart = at.length > 1 ? ((at[1] - at[0]) / (high - low)) * width : Infinity
    // A label at an end may be moved inward by half of itself.
    if (apart > 1.5 * widest + 6 || count === 1) return { at, labels, widest }
  }
}
