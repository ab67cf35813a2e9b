import { param, progress, show, table, tolerance } from '@normlab/cell'
import { lossCurves } from '@normlab/viz'
import { average, STEPS, trainPair } from '../pairs.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const rate = param('rate', 0.5, { min: 0.05, max: 0.9, step: 0.05, label: 'Rate p' })
const points = param('points', 100, { min: 20, max: 400, step: 20, label: 'Training points' })
const wrong = param('wrong', 0.2, { min: 0, max: 0.4, step: 0.05, label: 'Share of wrong training labels' })

const seeds = 8
const runs = Array.from({ length: seeds }, (_, seed) => {
  const pair = trainPair({ points, wrong, rate }, seed)
  progress(seed + 1, seeds)
  return pair
})
const curve = (k: number, of: 'seen' | 'fresh') =>
  runs[0][k].map(({ step }, i) => [step, average(runs.map((run) => run[k][i][of].loss)).mean] as const)
const names = ['without', 'with']
show((width) =>
  lossCurves(
    names.flatMap((name, k) => [
      { name: `${name}: seen`, points: curve(k, 'seen') },
      { name: `${name}: new`, phase: 'inference' as const, points: curve(k, 'fresh') },
    ]),
    { width, xLabel: 'training step', yLabel: 'loss, dropout off', height: 240 },
  ),
)
export const outcome = names.map((_, k) => {
  const last = runs.map((run) => run[k].at(-1)!)
  return {
    seen: average(last.map(({ seen }) => seen.loss)).mean,
    loss: average(last.map(({ fresh }) => fresh.loss)),
    right: average(last.map(({ fresh }) => fresh.right)),
    lowest: Math.min(...curve(k, 'fresh').map(([, loss]) => loss)),
  }
})
// Each pair shares points and weights, so the difference has an error of its own.
export const gain = average(runs.map((run) => run[1].at(-1)!.fresh.right - run[0].at(-1)!.fresh.right))
table(
  outcome.map(({ seen, loss, right }, k) => ({
    dropout: names[k],
    'loss, seen': seen,
    'loss, new': loss.mean,
    'its error': loss.error,
    'right, new': right.mean,
    'error of it': right.error,
  })),
  { digits: 3, caption: `After ${STEPS} steps, average of ${seeds} pairs of networks, with standard errors` },
)
