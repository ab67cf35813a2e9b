import type { Tone } from '@normlab/viz'

export type Level = 'log' | 'info' | 'warn' | 'error' | 'debug'

/** A number, a yes or no, or one of several words that the reader may change. */
export interface Param {
  readonly name: string
  readonly label: string
  /** What the author chose. */
  readonly initial: ParamValue
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly choices?: readonly string[]
}
export type ParamValue = number | string | boolean

export interface ChartOptions {
  /** Default `step`. */
  readonly x?: string
  /** Default: the chart's name. */
  readonly y?: string
  /** Default linear. */
  readonly yScale?: 'linear' | 'log'
  /** Colour by series: `{ plain: 'without', normalized: 'with' }`. */
  readonly tones?: Readonly<Record<string, Tone>>
}

/** What a cell puts out, in the order in which it does. Plain data: it crosses to the page as a message. */
export type CellEvent =
  | { readonly type: 'log'; readonly level: Level; readonly text: string }
  | { readonly type: 'table'; readonly rows: readonly (readonly string[])[]; readonly caption?: string }
  | FigureEvent
  | { readonly type: 'claim'; readonly text: string }
  | { readonly type: 'chart'; readonly chart: string; readonly options: ChartOptions }
  | {
      readonly type: 'point'
      readonly chart: string
      readonly x: number
      readonly y: Readonly<Record<string, number>>
    }
  | { readonly type: 'progress'; readonly done: number; readonly of: number }
  | { readonly type: 'param'; readonly param: Param }
  | { readonly type: 'tolerance'; readonly relative: number }

export interface FigureEvent {
  readonly type: 'figure'
  readonly svg: string
  /** The same figure laid out for a phone. */
  readonly narrow?: string
  readonly caption?: string
}
