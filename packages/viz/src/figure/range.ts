/** True when numbers between `low` and `high` can be told apart, and ticks be found: not when they differ by rounding only. */
export function isRange(low: number, high: number): boolean {
  const span = high - low
  return span > Math.max(1e-12 * Math.max(Math.abs(low), Math.abs(high)), 1e-280) && Number.isFinite(span)
}

/** Room around a single value, or around values that are as good as one. */
export function padded(low: number, high: number): [number, number] {
  if (isRange(low, high)) return [low, high]
  const pad = Math.max(0.5, Math.max(Math.abs(low), Math.abs(high)) * 0.1)
  return [low - pad, high + pad]
}
