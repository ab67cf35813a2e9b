/** The contract's attributes for a record over folded dimensions. */
import type { NormRecord } from '@normlab/core'
import { axesBut, reducedAxes, sizesOf, spreadOf, type Folded } from '../fold.ts'
import type { Cells, NormalizeGradAttrs } from './contract.ts'

/** What is normalized: a record, and how x lies. */
export interface Problem {
  readonly record: NormRecord
  readonly dims: Folded
  /** Names that the statistics keep. */
  readonly keep: string
  readonly epsilon: number
}

export type ParamName = 'gamma' | 'beta'
export const PARAM_NAMES: readonly ParamName[] = ['gamma', 'beta']

const known = new WeakMap<Folded, Map<string, Cells>>()

/** One object for the same dimensions and parameters. @param whose the cells: those of the statistics, or of given ones. */
function cellsOf({ record, dims }: Problem, names: readonly ParamName[], whose: 'own' | 'given'): Cells {
  let entries = known.get(dims)
  if (!entries) known.set(dims, (entries = new Map()))
  const key = `${whose} ${names.join(' ')}`
  let cells = entries.get(key)
  if (!cells) {
    const along = (name: ParamName) =>
      names.includes(name) ? spreadOf(dims, record.params[name].along) : undefined
    cells = {
      sizes: sizesOf(dims),
      axes: whose === 'own' ? reducedAxes(dims) : axesBut(dims, record.running!),
      gamma: along('gamma'),
      beta: along('beta'),
    }
    entries.set(key, cells)
  }
  return cells
}

export function attrsOf(
  problem: Problem,
  shapes: Readonly<Partial<Record<ParamName, readonly number[]>>>,
  whose: 'own' | 'given',
): NormalizeGradAttrs {
  const { record, epsilon } = problem
  const names = PARAM_NAMES.filter((name) => shapes[name])
  return {
    cells: cellsOf(problem, names, whose),
    center: record.center,
    scale: record.scale,
    epsilon,
    plusOne: Boolean(record.params.gamma?.plusOne),
    gammaShape: shapes.gamma,
    betaShape: shapes.beta,
  }
}
