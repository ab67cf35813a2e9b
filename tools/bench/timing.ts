/** Times tasks turn by turn, so that a slow moment of the machine falls on all of them. */
import { performance } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'

export interface Task {
  readonly run: () => void
}

/** Milliseconds of a turn, and of a task in all. */
const TURN = 6
const TOTAL = 500
const LEAST = 7

/**
 * Until the optimizing compilers are done: they run beside us, so we sleep between rounds, and where there is one core
 * alone that is the only time they get. They go on for thousands of small calls.
 * @returns the milliseconds of a run.
 */
async function warm(timed: (count: number) => number): Promise<number> {
  let best = timed(1)
  for (let round = 0, idle = 0; round < 60 && idle < (best > TURN ? 2 : 8); round++) {
    const ms = timed(Math.ceil(20 / best))
    idle = ms > best * 0.97 ? idle + 1 : 0
    best = Math.min(best, ms)
    await setTimeout(20)
  }
  return best
}

/** @returns for each task its milliseconds a run, turn by turn. */
export async function timeAll(tasks: readonly Task[]): Promise<number[][]> {
  const timed = ({ run }: Task, count: number): number => {
    const start = performance.now()
    for (let i = 0; i < count; i++) run()
    return (performance.now() - start) / count
  }
  const counts: number[] = []
  for (const task of tasks) {
    const ms = await warm((count) => timed(task, count))
    counts.push(Math.max(1, Math.min(20_000, Math.round(TURN / ms))))
  }
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
