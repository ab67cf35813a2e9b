/** What a cell's number is, written with the axes as indices. */
import type { Plan, PlanDim } from '@normlab/core'
import { escape } from '../figure/svg.ts'
import { names } from './markup.ts'
import type { AxesOptions } from './model.ts'

export interface FormulaLine {
  readonly markup: string
  /** Characters, for the width. */
  readonly length: number
}

/** Lines of at most `most` characters where that is possible. */
export function formulaOf(plan: Plan, { what }: AxesOptions, most: number): FormulaLine[] {
  const distinct = (dims: readonly PlanDim[]): PlanDim[] =>
    dims.filter((dim, i) => dims.findIndex((other) => other.name === dim.name) === i)
  const all = distinct(plan.dims)
  const kept = all.filter((dim) => dim.kept)
  const rest = all.filter((dim) => !dim.kept)
  const indices = (dims: readonly PlanDim[]): string | PlanDim[] => (dims.length ? [...dims] : '')
  const at = (letter: string, dims: readonly PlanDim[]) =>
    dims.length ? [`${letter}[`, indices(dims), ']'] : [letter]
  if (what === 'mask')
    return [
      build([...at('m', kept), ' drawn at random']),
      build([...at('y', all), ' = ', ...at('m', kept), ' · ', ...at('x', all)]),
    ]
  const over = rest.length ? [' over ', indices(rest)] : []
  return ['μ', 'σ²'].flatMap((letter) => {
    const start = [...at(letter, kept), ' = mean', ...over]
    const of = letter === 'μ' ? ' of x' : ' of (x − μ)²'
    const line = build([...start, of])
    return line.length <= most ? [line] : [build(start), build([`  ${of}`])]
  })
}

function build(pieces: readonly (string | PlanDim[])[]): FormulaLine {
  const plain = pieces
    .map((piece) => (typeof piece === 'string' ? piece : piece.map((d) => d.name).join(', ')))
    .join('')
  const markup = pieces.map((piece) => (typeof piece === 'string' ? escape(piece) : names(piece))).join('')
  return { markup, length: [...plain].length }
}
