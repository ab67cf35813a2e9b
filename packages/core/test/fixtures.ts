import { norm } from '../src/norm.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import { parsePattern } from '../src/pattern.ts'
import { product, type Binding, type Plan } from '../src/plan.ts'
import type { Tensor } from '../src/tensor.ts'
import { described, records, type Described } from '../src/records/index.ts'
import { normals } from '../src/testing/random.ts'
import { affine } from '../src/variant.ts'
import { batchNorm, groupNorm, layerNorm } from '../src/variants/index.ts'
import { NormlabError } from '../src/errors.ts'

/** The same values in float32 and, rounded to it, in float64. */
export function bothPrecisions({ data, shape }: Tensor): { single: Tensor; double: Tensor } {
  const single = { data: Float32Array.from(data), shape }
  return { single, double: { data: Float64Array.from(single.data), shape } }
}

export const randomTensor = (shape: readonly number[], seed: number, scale = 1, offset = 0): Tensor => ({
  data: normals(product(shape), seed).map((value) => value * scale + offset),
  shape,
})

/** Records that no paper ships, or that come later: every field of a record is tried, not only those in use. */
const base = layerNorm
const groups = records.groupNorm.cases
const probes = [
  norm({ ...base, name: 'std without centring', center: false }),
  norm({ ...base, name: 'centring alone', scale: 'none' }),
  norm({ ...base, name: 'length', center: false, scale: 'l2', options: { epsilon: 1e-12 } }),
  norm({ ...base, name: '1 + gamma', params: { gamma: { along: 'c', init: 0, plusOne: true } } }),
  norm({ ...groupNorm, name: 'gamma a group', params: affine('g'), cases: groups }),
  norm({ ...groupNorm, name: 'interleaved groups', stats: 'n s (k g) -> n g', cases: groups }),
  norm({ ...base, name: 'conditional', params: affine('n c') }),
  norm({ ...base, name: 'scalar gamma', params: affine('') }),
  norm({ ...base, name: 'one statistic', stats: 'n s c ->' }),
  norm({
    ...batchNorm,
    name: 'weighted groups',
    stats: 'n s (g k) -> g',
    running: 'g',
    options: { ...batchNorm.options, g: 4 },
  }),
]

export const norms = [
  ...Object.values(records).filter((v) => v.kind === 'norm'),
  ...probes.map((probe) => described(probe, { paper: records.layerNorm.paper })),
] as unknown as Described<AnyNorm>[]

export type Options = Record<string, unknown> & Binding

/** The plan, or null where the pattern does not fit the layout: a batch statistic of a vector, a split of no axis. */
export function planIfFits(
  variant: Pick<AnyNorm, 'plan' | 'options'>,
  shape: readonly number[],
  options: Options,
): Plan | null {
  try {
    return variant.plan(shape, options)
  } catch (error) {
    if (
      error instanceof NormlabError &&
      ['x', 'axis', 'axes', 'layout', ...Object.keys(variant.options)].includes(error.argument)
    )
      return null
    throw error
  }
}

/** A size for every part of a pattern that an option names, whatever its name: `g` of `(g k)`. */
export function sizesOfParts(
  { stats, mask, options }: { stats?: string | null; mask?: string; options: object },
  size: (whole: string) => number,
): Record<string, number> {
  const pattern = stats ?? mask
  const axes = pattern ? parsePattern(pattern).axes : []
  const named = axes.flatMap(({ name, parts }) => parts.map((part) => [part, size(name)] as const))
  return Object.fromEntries(named.filter(([part]) => part in options))
}

/** Random values for all parameters of a variant. */
export function randomParams(
  variant: AnyNorm,
  shape: readonly number[],
  options: Options,
  seed: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.keys(variant.params).map((name, i) => [
      name,
      randomTensor(variant.paramShape(name, shape, options), seed + i, 0.5, 1),
    ]),
  )
}
