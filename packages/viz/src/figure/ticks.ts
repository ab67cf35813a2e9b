/** Round numbers on an axis: 1, 2 or 5 times a power of ten. The ticks of d3-array, which tests compare with. */

/** The step between ticks as `multiple * 10 ** power`, kept apart so that 0.3 is 3 / 10 and not 3 * 0.1. */
function stepOf(low: number, high: number, count: number): { multiple: number; power: number } {
  const raw = (high - low) / count
  const power = Math.floor(Math.log10(raw))
  const error = raw / 10 ** power
  const multiple = error >= Math.sqrt(50) ? 10 : error >= Math.sqrt(10) ? 5 : error >= Math.sqrt(2) ? 2 : 1
  return { multiple, power }
}

type Step = ReturnType<typeof stepOf>
const times = (i: number, { multiple, power }: Step): number =>
  power < 0 ? i / (10 ** -power / multiple) : i * multiple * 10 ** power
const inSteps = (value: number, { multiple, power }: Step): number =>
  power < 0 ? value * (10 ** -power / multiple) : value / (multiple * 10 ** power)

/** About `count` round numbers within [low, high], which must be a range (`isRange`). */
export function ticks(low: number, high: number, count: number): number[] {
  const step = stepOf(low, high, count)
  let first = Math.round(inSteps(low, step))
  let last = Math.round(inSteps(high, step))
  if (times(first, step) < low) first++
  if (times(last, step) > high) last--
  if (last < first && count >= 0.5 && count < 2) return ticks(low, high, count * 2)
  const result: number[] = []
  for (let i = first; i <= last; i++) result.push(times(i, step) || 0)
  return result
}

/** Up to the next whole number, unless the value is one but for rounding: 0.07 * 100 is 7.000000000000001. */
const outward = (value: number): number =>
  Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : Math.ceil(value)

/** The range, widened by less than a step at either end to round numbers. */
export function nice(low: number, high: number, count: number): [number, number] {
  const step = stepOf(low, high, count)
  return [times(-outward(-inSteps(low, step)), step) || 0, times(outward(inSteps(high, step)), step) || 0]
}
