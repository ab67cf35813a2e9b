/** A contract's `Cells` as core's kernels take them: a plan, and parameters laid over it. */
import { planOf, type Plan } from '@normlab/core'
import type { KernelSpec, Laid } from '@normlab/core/kernels'
import type { ApplyAttrs, Cells, NormalizeGradAttrs } from '../kernels/contract.ts'

interface Table {
  readonly plan: Plan
  /** Strides of the parameters over the plan, 0 where they do not vary. */
  readonly gamma: readonly number[]
  readonly beta: readonly number[]
}
const tables = new WeakMap<Cells, Table>()

function stridesOf(sizes: readonly number[] | undefined): number[] {
  let step = 1
  const strides = (sizes ?? []).map(() => 0)
  for (let i = strides.length - 1; i >= 0; step *= sizes![i--]) if (sizes![i] > 1) strides[i] = step
  return strides
}

/** Worked out once for each object. */
export function tableOf(cells: Cells): Table {
  const known = tables.get(cells)
  if (known) return known
  const names = cells.sizes.map((_, i) => `d${i}`)
  const kept = names.filter((_, i) => !cells.axes.includes(i))
  const table = {
    plan: planOf(`${names.join(' ')} -> ${kept.join(' ')}`, cells.sizes),
    gamma: stridesOf(cells.gamma),
    beta: stridesOf(cells.beta),
  }
  tables.set(cells, table)
  return table
}

/** @param gamma and beta as they lie; a gradient takes beta for its size alone. */
export function specOf(
  { cells, center, scale, epsilon, plusOne }: NormalizeGradAttrs | ApplyAttrs,
  gamma: Float32Array | undefined,
  beta: Float32Array | undefined,
): KernelSpec {
  const table = tableOf(cells)
  const laid = (data: Float32Array | undefined, strides: readonly number[], spread: Laid['spread'] = []) =>
    data && { data, strides, spread }
  return {
    plan: table.plan,
    center,
    scale,
    epsilon,
    gammaPlus: plusOne ? 1 : 0,
    gamma: laid(gamma, table.gamma, cells.gamma),
    beta: laid(beta, table.beta, cells.beta),
    weights: undefined,
  }
}
