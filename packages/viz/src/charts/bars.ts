import { coordinate } from '../figure/svg.ts'

export interface BarsPlace {
  readonly left: number
  readonly width: number
  /** Where the bars stand. */
  readonly base: number
  /** Of the highest bar. */
  readonly height: number
  /** What a bar that is not empty has at least. Default 0. */
  readonly least?: number
}

/** The bars of a histogram as the data of one path; empty where nothing was counted. */
export function barsPath(
  counts: ArrayLike<number>,
  { left, width, base, height, least = 0 }: BarsPlace,
): string {
  const all = Array.from(counts)
  const highest = Math.max(1, ...all)
  const step = width / all.length
  return all
    .map((n, i) => {
      if (!n) return ''
      const h = coordinate(Math.max(least, (n / highest) * height))
      return `M${coordinate(left + i * step)},${coordinate(base)}v-${h}h${coordinate(step)}v${h}Z`
    })
    .join('')
}
