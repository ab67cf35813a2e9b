import { assert, param, table } from '@normlab/cell'
import { cloudFacts } from '@normlab/viz'
import { column, normal, standardize, times, whiteners, type Point } from '../plane.ts'

const noise = param('noise', 0.05, { min: 0.01, max: 1, step: 0.01, label: 'Noise of each sensor' })

// Two sensors for one quantity, each with a little noise of its own.
const signal = Array.from({ length: 500 }, normal)
const sensors = standardize(signal.map((s): Point => [s + noise * normal(), s + noise * normal()]))
const { pca } = whiteners(sensors)
const white = sensors.map((point) => times(pca, point))

// How much of a feature's variance the signal explains.
const explained = (feature: readonly number[]) =>
  cloudFacts(feature.map((value, i): Point => [value, signal[i]])).correlation ** 2
const rows = [sensors, white].flatMap((points, k) =>
  ([0, 1] as const).map((i) => ({
    feature: `${['sensor', 'whitened feature'][k]} ${i + 1}`,
    variance: cloudFacts(points).covariance[i ? 2 : 0],
    signal: explained(column(points, i)),
  })),
)
export const explainedBySignal = rows[3].signal
// What the direction in which the sensors hardly differ was multiplied by.
export const gain = Math.hypot(...pca[1])
table(
  rows.map(({ feature, variance, signal: share }) => ({
    feature,
    variance,
    'explained by the signal': share,
  })),
  { digits: 3 },
)
assert(rows[3].signal < 0.05, 'the second whitened feature is noise, as large as the signal')
