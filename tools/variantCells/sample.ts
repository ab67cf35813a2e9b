/** A small array that fits a record's pattern, and options for it. */
import type { AnyNorm, Noise } from '../../packages/core/src/index.ts'
import type { Described } from '../../packages/core/src/records/index.ts'

/** As the functions that run a record see it: any record, one of today's or a new one. */
export type SomeNorm = Described<AnyNorm>
export type AnyVariant = SomeNorm | Described<Noise>

const SIZES: Readonly<Record<string, number>> = { n: 2, s: 3, c: 4, o: 3, i: 4 }

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

export interface Sample {
  readonly axes: readonly string[]
  readonly shape: readonly number[]
  /** Of the first case; sizes of parts and what else it sets. */
  readonly options: Readonly<Record<string, number>>
}

/** Axes and their parts, as in `n s (g k) -> n g` or `n s c=(g k) -> n g`. */
function axesOf(pattern: string): { name: string; parts: readonly string[] }[] {
  let free = ['n', 's', 'c']
  const found = [...pattern.split('->')[0].matchAll(/(?:(\w+)=)?\(([^)]*)\)|(\w+)/g)].map(
    ([, named, inside, plain]) => ({
      name: plain ?? named,
      parts: inside === undefined ? [plain] : inside.trim().split(/\s+/),
    }),
  )
  free = free.filter((name) => !found.some((axis) => axis.name === name))
  return found.map(({ name, parts }) => ({ name: name ?? free.shift() ?? 'c', parts }))
}

export function sample(variant: AnyVariant): Sample {
  const axes = axesOf((variant.kind === 'noise' ? variant.mask : variant.stats) ?? 'n s c ->')
  const options = variant.cases[0] as Readonly<Record<string, number>>
  const shape = axes.map(({ name, parts }) => {
    const given = product(parts.map((part) => options[part] ?? 1))
    const usual = SIZES[name] ?? 3
    return parts.length > 1 ? Math.max(2, Math.ceil(usual / given)) * given : usual
  })
  return { axes: axes.map(({ name }) => name), shape, options }
}
