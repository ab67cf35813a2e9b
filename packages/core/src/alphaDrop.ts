/** Alpha dropout's forward, for any mask. Klambauer et al. 2017, section "New Dropout Technique". */
import type { Ops } from './ops.ts'
import type { Values } from './variant.ts'

/** -lambda alpha of SELU: what a dropped unit is set to. */
const SATURATED = -1.7580993408473766

/** Rate 1 drops all, to the mean: 0. */
export function alphaDrop<T>(
  t: Ops<T>,
  x: T,
  kept: T,
  _params: Values<T>,
  { rate }: Readonly<Record<string, unknown>>,
): T {
  const p = rate as number
  if (p === 1) return t.where(t.constant(0), x, t.constant(0))
  const a = 1 / Math.sqrt((1 - p) * (1 + p * SATURATED ** 2))
  const mixed = t.where(kept, x, t.constant(SATURATED))
  return t.add(t.mul(mixed, t.constant(a)), t.constant(-a * SATURATED * p))
}
