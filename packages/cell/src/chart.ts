import { NormlabError } from '@normlab/core'
import { host } from './current.ts'
import type { ChartOptions } from './events.ts'
import { inspect } from './text.ts'

export interface Chart {
  /** Adds a point to each series that is named. The page draws at most once a frame, however often this is called. */
  add(x: number, y: Readonly<Record<string, number>>): void
}

/**
 * A chart that grows while the cell runs: `const loss = chart('loss'); loss.add(step, { plain: 0.7, normalized: 0.5 })`.
 * @throws NormlabError naming `name`, `x` or `y`.
 */
export function chart(name: string, options: ChartOptions = {}): Chart {
  if (typeof name !== 'string' || !name)
    throw new NormlabError('name', inspect(name, 1), 'Name what is measured')
  host().emit({ type: 'chart', chart: name, options: { x: 'step', y: name, ...options } })
  return {
    add(x, y) {
      if (typeof x !== 'number') throw new NormlabError('x', inspect(x, 1), 'Give a number')
      const bad = Object.entries(y).find(([, value]) => typeof value !== 'number')
      if (bad) throw new NormlabError(`y.${bad[0]}`, inspect(bad[1], 1), 'Give a number for each series')
      host().emit({ type: 'point', chart: name, x, y: { ...y } })
    },
  }
}
