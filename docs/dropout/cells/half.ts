import { assert, near, param, show, table } from '@normlab/cell'
import { dropout } from '@normlab/core'
import { lossCurves } from '@normlab/viz'

const units = param('units', 10, { min: 1, max: 40, label: 'Units' })
const rate = param('rate', 0.5, { min: 0.05, max: 0.95, step: 0.05, label: 'Rate p' })

// Exact: n over k ways to choose k dropped units, each with probability p^k (1 - p)^(n - k).
let ways = 1
const exact = Array.from({ length: units + 1 }, (_, k) => {
  if (k) ways *= (units - k + 1) / k
  return ways * rate ** k * (1 - rate) ** (units - k)
})
// Counted: 20,000 masks, each for an example of its own.
const draws = 20_000
const mask = dropout.draw([draws, units], { rate, seed: 1 })
const counted = exact.map(() => 0)
for (let i = 0; i < draws; i++) {
  const kept = mask.subarray(i * units, (i + 1) * units).reduce((a, b) => a + b, 0)
  counted[units - kept] += 1 / draws
}
show((width) =>
  lossCurves(
    [
      { name: 'exact', phase: 'inference', points: exact.map((share, k) => [k, share] as const) },
      { name: 'counted', points: counted.map((share, k) => [k, share] as const) },
    ],
    { width, xLabel: 'dropped units', yLabel: 'share of the masks', title: `${units} units at rate ${rate}` },
  ),
)
const half = Math.floor(units / 2)
export const exactlyHalf = exact[half]
export const countedHalf = counted[half]
export const noneDropped = exact[0]
export const average = counted.reduce((sum, share, k) => sum + share * k, 0)
table(
  exact.map((share, k) => ({ dropped: k, exact: share, counted: counted[k] })),
  { digits: 4, caption: `${draws} masks of ${units} units` },
)
assert(
  near(
    exact.reduce((a, b) => a + b),
    1,
    1e-9,
  ),
  'the probabilities add up to 1',
)
assert(
  exact.every((share, k) => near(share, counted[k], 5 * Math.sqrt(share / draws) + 1e-3)),
  'what was counted agrees with them',
)
