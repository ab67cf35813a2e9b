/** Networks in pairs, one without dropout and one with it: same points, same first weights. */
import { summaryOf } from '@normlab/core'
import { clouds, makeNetwork, measure, train } from './trainer.ts'

export interface Setting {
  /** Training points, and the share of them whose label is wrong. */
  readonly points: number
  readonly wrong: number
  /** Dropped fraction. */
  readonly rate: number
}
export interface Measured {
  readonly step: number
  /** On the training points, and on new ones with right labels. */
  readonly seen: ReturnType<typeof measure>
  readonly fresh: ReturnType<typeof measure>
}

const [inputs, hidden, every] = [10, 48, 25]
export const STEPS = 300

/** What was measured on the way, without dropout and with it. */
export function trainPair({ points, wrong, rate }: Setting, seed: number): Measured[][] {
  const [training, fresh] = [clouds(points, inputs, wrong), clouds(500, inputs, 0)]
  const first = makeNetwork(inputs, hidden)
  return [0, rate].map((p) => {
    const network = { ...first, w: first.w.slice(), velocity: first.velocity.slice() }
    const measured: Measured[] = []
    for (let step = 0; step <= STEPS; step++) {
      if (step % every === 0)
        measured.push({ step, seen: measure(network, training), fresh: measure(network, fresh) })
      train(network, training, { rate: p, seed, step })
    }
    return measured
  })
}

/** Mean of the values, and its standard error. */
export function average(values: number[]): { mean: number; error: number } {
  const { mean, variance } = summaryOf(values)
  return { mean, error: Math.sqrt(variance / (values.length - 1)) }
}
