/** A normalization's formula in MathML: every index has the class of its axis, as the figure has its colour. */
import { NormlabError, parsePattern } from '@normlab/core'
import { choice } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { escape, tag } from '../figure/svg.ts'
import { axisClass } from '../tokens.ts'

export interface AxesFormulaOptions {
  /** What a cell's elements share. Default `statistic`. */
  what?: 'statistic' | 'mask'
  /** As in a record: is the mean taken away? Default true. */
  center?: boolean
  /** As in a record: what it is divided by. Default `std`. */
  scale?: 'std' | 'rms' | 'l2' | 'none'
  /** The record has a forward of its own: then which indices the statistics have is all that is known. Default false. */
  own?: boolean
}

interface Index {
  readonly name: string
  readonly axis: string
  readonly kept: boolean
}

const mo = (sign: string): string => tag('mo', {}, escape(sign))
const mi = (letter: string): string => tag('mi', {}, escape(letter))
const row = (...parts: string[]): string => tag('mrow', {}, parts.join(''))
const sub = (base: string, below: string): string => (below ? tag('msub', {}, base + below) : base)
const square = (base: string, below = ''): string =>
  below
    ? tag('msubsup', {}, `${base}${below}${tag('mn', {}, '2')}`)
    : tag('msup', {}, base + tag('mn', {}, '2'))

/**
 * Lines of MathML: the statistic with the axes that it keeps below it, the sum over the others, and what becomes of x.
 * Indices are classed as by `axisClass`, and `tokens.css` colours them.
 * @throws NormlabError naming `pattern`, `what` or `scale`.
 */
export function axesFormula(pattern: string, options: AxesFormulaOptions = {}): string {
  if (typeof pattern !== 'string') throw new NormlabError('pattern', show(pattern), 'Give a pattern string')
  choice('what', options.what, ['statistic', 'mask'])
  choice('scale', options.scale, ['std', 'rms', 'l2', 'none'])
  const { axes, keep } = parsePattern(pattern)
  const all: Index[] = axes.flatMap(({ name: axis, parts }) =>
    parts.map((name) => ({ name, axis, kept: keep.includes(name) })),
  )
  return linesOf(all, options)
    .map((line) => tag('math', { display: 'block', class: 'normlab-formula' }, line))
    .join('\n')
}

function linesOf(all: readonly Index[], options: AxesFormulaOptions): string[] {
  const { what = 'statistic', center = true, scale = 'std', own = false } = options
  const rest = all.filter(({ kept }) => !kept)
  const below = indices(all.filter(({ kept }) => kept))
  const x = sub(mi('x'), indices(all))
  const y = sub(mi('y'), indices(all))
  if (what === 'mask') {
    const m = sub(mi('m'), below)
    return [row(m, tag('mtext', {}, '\u00a0drawn at random')), row(y, mo('='), ...call('f', x, m))]
  }
  const mean = sub(mi('μ'), below)
  if (own) {
    const t = sub(mi('T'), below)
    const over = rest.length ? [tag('mtext', {}, '\u00a0over\u00a0'), indices(rest)] : []
    return [row(t, mo('='), mi('T'), mo('('), x, ...over, mo(')')), row(y, mo('='), ...call('f', x, t))]
  }
  const average = rest.length
    ? tag('mfrac', {}, tag('mn', {}, '1') + row(...rest.map(length))) + sum(rest)
    : ''
  const inside = (value: string): string => row(mo('('), value, mo(')'))
  const centred = center ? row(x, mo('−'), mean) : x
  const lines: string[] = []
  if (center || scale === 'std') lines.push(row(mean, mo('='), average, x))
  if (scale === 'none') return [...lines, row(y, mo('='), centred)]
  if (scale === 'l2') {
    const norm = sub(mi('ℓ'), below)
    const squares = center ? square(inside(centred)) : square(mi('x'), indices(all))
    lines.push(row(norm, mo('='), tag('msqrt', {}, row(rest.length ? sum(rest) : '', squares))))
    return [...lines, row(y, mo('='), tag('mfrac', {}, centred + row(mi('max'), ...pair(norm, mi('ε')))))]
  }
  const spread = scale === 'std' ? mi('σ') : mi('r')
  const squares = scale === 'std' ? square(inside(row(x, mo('−'), mean))) : square(inside(centred))
  const variance = square(spread, below || tag('mrow', {}, ''))
  lines.push(row(variance, mo('='), average, squares))
  lines.push(row(y, mo('='), tag('mfrac', {}, centred + tag('msqrt', {}, row(variance, mo('+'), mi('ε'))))))
  return lines
}

const pair = (a: string, b: string): string[] => [mo('('), a, mo(','), b, mo(')')]
const call = (name: string, a: string, b: string): string[] => [mi(name), ...pair(a, b)]

/** Under the sum stand all that it runs over. */
const sum = (rest: readonly Index[]): string => tag('munder', {}, mo('∑') + indices(rest))

/** How many there are of an index: its capital. */
const length = ({ name, axis }: Index): string =>
  tag('mi', { class: axisClass(name, axis) }, escape(name.toUpperCase()))

function indices(list: readonly Index[]): string {
  const letters = list.map(({ name, axis }) => tag('mi', { class: axisClass(name, axis) }, escape(name)))
  return letters.length ? row(letters.join(tag('mo', { separator: 'true' }, ','))) : ''
}
