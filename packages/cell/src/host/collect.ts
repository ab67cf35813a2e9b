import type { CellEvent, ChartOptions, FigureEvent, Level, Param } from '../events.ts'

/** What stands under a cell. */
export type Output =
  | { readonly type: 'log'; readonly level: Level; readonly text: string }
  | { readonly type: 'table'; readonly rows: readonly (readonly string[])[]; readonly caption?: string }
  | FigureEvent
  | { readonly type: 'claim'; readonly text: string }
  | ChartOutput

export interface ChartOutput {
  readonly type: 'chart'
  readonly chart: string
  readonly options: ChartOptions
  readonly series: Record<string, [x: number, y: number][]>
}

/** Points of a line that are kept: more than any screen has columns, and few enough to be drawn in a part of a frame. */
const MOST_POINTS = 8192

/** Half as many: of every four the least and the greatest, in their order, so that no peak is lost; and the first. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const kept = [points[0]]
  for (let from = 1; from < points.length; from += 4) {
    const four = points.slice(from, from + 4)
    const byHeight = four.toSorted((a, b) => a[1] - b[1])
    const ends = [byHeight[0], byHeight.at(-1)!]
    kept.push(...four.filter((point) => ends.includes(point)))
  }
  return kept
}

/** Adds up events: the points of a chart go into it, parameters and the tolerance stand by themselves. */
export class Collected {
  readonly outputs: Output[] = []
  readonly params: Param[] = []
  tolerance: number | undefined
  progress: { done: number; of: number } | undefined

  /** The output that has changed or come, if any. */
  add(event: CellEvent): Output | undefined {
    if (event.type === 'param') {
      if (!this.params.some(({ name }) => name === event.param.name)) this.params.push(event.param)
    } else if (event.type === 'tolerance') this.tolerance = event.relative
    else if (event.type === 'progress') this.progress = { done: event.done, of: event.of }
    else if (event.type === 'point') return this.#point(event)
    else {
      const output: Output = event.type === 'chart' ? { ...event, series: Object.create(null) } : event
      this.outputs.push(output)
      return output
    }
    return undefined
  }

  #point({ chart, x, y }: CellEvent & { type: 'point' }): Output | undefined {
    const output = this.outputs.find((one) => one.type === 'chart' && one.chart === chart) as
      | ChartOutput
      | undefined
    if (!output) return undefined
    for (const [name, value] of Object.entries(y)) {
      if (!Object.hasOwn(output.series, name)) output.series[name] = []
      output.series[name].push([x, value])
      if (output.series[name].length > MOST_POINTS) output.series[name] = thinned(output.series[name])
    }
    return output
  }
}
