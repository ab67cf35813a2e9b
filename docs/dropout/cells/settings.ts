import { assert, progress, table, tolerance } from '@normlab/cell'
import { average, trainPair } from '../pairs.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const settings = [
  { points: 100, wrong: 0.2 },
  { points: 40, wrong: 0.2 },
  { points: 100, wrong: 0 },
  { points: 40, wrong: 0 },
]
const seeds = 4

// Of each pair what dropout changes on new points: below 0 is a lower loss, above 0 are more right answers.
export const changes = settings.map((setting, k) => {
  const pairs = Array.from({ length: seeds }, (_, seed) => {
    const [plain, dropped] = trainPair({ ...setting, rate: 0.5 }, seed).map(
      (measured) => measured.at(-1)!.fresh,
    )
    progress(k * seeds + seed + 1, settings.length * seeds)
    return { loss: dropped.loss - plain.loss, right: dropped.right - plain.right }
  })
  return {
    ...setting,
    loss: average(pairs.map(({ loss }) => loss)),
    right: average(pairs.map(({ right }) => right)),
  }
})
table(
  changes.map(({ points, wrong, loss, right }) => ({
    points,
    'wrong labels': wrong,
    'change of loss': loss.mean,
    'its error': loss.error,
    'change of right': right.mean,
    'error of it': right.error,
  })),
  {
    digits: 3,
    caption: `What dropout changes on new points, average of ${seeds} pairs, with standard errors`,
  },
)
assert(
  changes.every(({ right }) => right.mean > 0),
  'dropout raises the share of right answers in all four',
)
assert(changes[0].loss.mean < -3 * changes[0].loss.error, 'it lowers the loss in the first')
assert(changes[1].loss.mean > 0 && changes[3].loss.mean > 0, 'and raises it where points are few')
