/** The table of the explorer: x, and what core makes of it under this pattern. */
import { norm, type Plan } from '@normlab/core'
import { valueGrid, type GridPanel } from '@normlab/viz'
import { partSizesOf, type AxesState, type KnownVariant } from './state.ts'

/** More numbers than this are not read. */
export const MOST = 400

/** Small whole numbers, each feature with a level of its own, so that it shows what was averaged with what. */
export const numbersOf = ({ shape, size }: Plan): Float64Array =>
  Float64Array.from(
    { length: size },
    (_, i) => ((i * 7 + Math.floor(i / 5) * 3) % 9) - 4 + 2 * (i % (shape.at(-1) ?? 1)),
  )

/** Null where the record has a forward of its own, or draws at random: then x stands alone. */
export function normalized(state: AxesState, plan: Plan, variant?: KnownVariant): ArrayLike<number> | null {
  if (variant && (variant.own || variant.what === 'mask')) return null
  const record = norm({
    name: variant?.name ?? 'this pattern',
    stats: state.pattern,
    center: variant?.center ?? true,
    scale: variant?.scale ?? 'std',
    params: {},
    options: { epsilon: 1e-5, ...partSizesOf(state) },
  })
  return record.forward({ data: numbersOf(plan), shape: plan.shape }, {}, partSizesOf(state)).y.data
}

/** The grid, or why there is none. */
export function gridOf(
  state: AxesState,
  plan: Plan,
  variant: KnownVariant | undefined,
  width: number,
  id: string,
): string | null {
  if (plan.size > MOST || plan.size === 0) return null
  const y = normalized(state, plan, variant)
  const panels: GridPanel[] = [
    { label: 'x', data: numbersOf(plan), shape: plan.shape },
    ...(y
      ? [{ label: `y, normalized by ${variant?.name ?? 'this pattern'}`, data: y, shape: plan.shape }]
      : []),
  ]
  return valueGrid(panels, {
    plan,
    highlight: Math.min(state.cell, plan.cells - 1),
    width,
    digits: y ? 1 : 0,
    id,
  })
}
