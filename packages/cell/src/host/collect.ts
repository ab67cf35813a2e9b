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
    }
    return output
  }
}
