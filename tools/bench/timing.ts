/** Times tasks turn by turn, so that a slow moment of the machine falls on all of them. */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'

export interface Task {
  readonly run: () => void
  readonly before?: () => void
}

/** Milliseconds of a turn, and of a task in all. */
const TURN = 6
const TOTAL = 500
const LEAST = 7

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** @returns for each task its milliseconds a run, turn by turn. */
export async function timeAll(tasks: readonly Task[]): Promise<number[][]> {
  const timed = ({ run, before }: Task, count: number): number => {
    before?.()
    const start = performance.now()
    for (let i = 0; i < count; i++) run()
    return (performance.now() - start) / count
  }
  // First calls run in the baseline compiler: warm up, then see how many calls make a turn.
  const counts = tasks.map((task) => {
    const first = timed(task, 1)
    const more = Math.min(300, Math.ceil(100 / first))
    const then = timed(task, more)
    return Math.max(1, Math.min(20_000, Math.round(TURN / then)))
  })
  const turns: number[][] = tasks.map(() => [])
  const spent = tasks.map(() => 0)
  const slow = counts.every((count) => count === 1)
  for (let turn = 0; turn < (slow ? 15 : 60); turn++) {
    for (const [i, task] of tasks.entries()) {
      if (spent[i] > TOTAL && turns[i].length >= LEAST) continue
      const ms = timed(task, counts[i])
      spent[i] += ms * counts[i]
      turns[i].push(ms)
    }
    // Lets Ctrl-C and finalizers in.
    await setImmediate()
  }
  return turns
}
