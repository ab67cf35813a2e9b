import type { Output, Recording } from '@normlab/cell/host'

/** What a cell prints is the same everywhere up to this, relatively, unless it says more. */
export const TOLERANCE = 1e-6

const NUMBER = /[-−]?(?:\d+\.?\d*|\.\d+)(?:e[-+−]?\d+)?/gi

const valueOf = (text: string): number => Number(text.replaceAll('−', '-'))

/** One unit of the last digit after the point: where two engines round to either side. Whole numbers have none. */
function lastDigit(text: string): number {
  const [, decimals = '', exponent = '0'] = /\.(\d*)(?:e([-+−]?\d+))?$/i.exec(text.replaceAll('−', '-')) ?? []
  return decimals ? 1.01 * 10 ** (Number(exponent) - decimals.length) : 0
}

/** True when both texts say the same words, and numbers that differ by at most the tolerance, or by how they were rounded. */
export function sameText(a: string, b: string, tolerance: number, rounded = true): boolean {
  if (a === b) return true
  if (a.replaceAll(NUMBER, '#') !== b.replaceAll(NUMBER, '#')) return false
  const [numbersA, numbersB] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []]
  return numbersA.every((one, i) => {
    const [x, y] = [valueOf(one), valueOf(numbersB[i])]
    const digit = rounded ? Math.max(lastDigit(one), lastDigit(numbersB[i])) : 0
    return Math.abs(x - y) <= Math.max(tolerance * Math.max(Math.abs(x), Math.abs(y)) + digit, 1e-9)
  })
}

/** What differs between two runs of a cell, in words; empty where they are the same. */
export function differences(wanted: Recording, got: Recording): string[] {
  const tolerance = wanted.tolerance ?? TOLERANCE
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown, room = tolerance, rounded = true) => {
    const [x, y] = [JSON.stringify(a) ?? 'nothing', JSON.stringify(b) ?? 'nothing']
    if (!sameText(x, y, room, rounded))
      found.push(`${what}: recorded ${x.slice(0, 200)}, now ${y.slice(0, 200)}`)
  }
  compare('tolerance', wanted.tolerance, got.tolerance, 0, false)
  compare('parameters', wanted.params, got.params, 0, false)
  for (const name of new Set([...Object.keys(wanted.values), ...Object.keys(got.values)]))
    compare(`export ${name}`, wanted.values[name], got.values[name], tolerance, false)
  const count = Math.max(wanted.outputs.length, got.outputs.length)
  for (let i = 0; i < count; i++) {
    const [a, b] = [wanted.outputs[i], got.outputs[i]]
    const what = `output ${i + 1} (${(a ?? b).type})`
    if (a?.type === 'figure' && b?.type === 'figure')
      compare(what, picture(a, tolerance), picture(b, tolerance), Math.max(tolerance, 0.01))
    else compare(what, a, b)
  }
  return found
}

/** Where training may go another way, its paths do too: what they draw is compared by its words. */
const picture = ({ svg, narrow, caption }: Output & { type: 'figure' }, tolerance: number): string[] => [
  caption ?? '',
  narrow ? 'two layouts' : 'one layout',
  ...(tolerance > TOLERANCE
    ? [...svg.matchAll(/<(?:title|desc)[^>]*>([^<]*)/g)].map(([, words]) => words)
    : [svg, narrow ?? '']),
]
