/** The formulas of a normalization as text: the same in WGSL and GLSL, for a number or a vector of them. */
import type { ApplyAttrs } from '../../kernels/contract.ts'
import { float } from './geometry.ts'

export type Rules = Pick<ApplyAttrs, 'center' | 'scale' | 'epsilon' | 'plusOne'>

/** Statistics are taken around the mean. */
export const centers = ({ center, scale }: Rules): boolean => center || scale === 'std'

/**
 * What x is normalized by. x lies around `shift`, a value of the cell, and the mean is shift + rest: one float32 would not
 * hold it. Names of values in the text.
 */
export interface Names {
  readonly shift: string
  readonly rest: string
  readonly rstd: string
}

/** x - mean. The order matters: x - shift is exact where x and the mean are large. */
export const centred = (x: string, { shift, rest }: Names): string => `((${x} - ${shift}) - ${rest})`

/** The normalized value. */
export const xhat = (rules: Rules, x: string, names: Names): string =>
  `${rules.center ? centred(x, names) : x} * ${names.rstd}`

export const scaled = ({ plusOne }: Rules, value: string, gamma: string | undefined): string =>
  gamma ? `(${value}) * ${plusOne ? `(${gamma} + 1.0)` : gamma}` : value

/**
 * The gradient in x of a cell whose g = gamma dy sums to `sum`, and g xhat to `dot`. `type` is that of the values.
 */
export function gradient(
  rules: Rules,
  g: string,
  x: string,
  names: Names & { readonly variance: string },
  sums: { readonly sum: string; readonly dot: string },
  count: string,
  type: string,
): string {
  const { center, scale, epsilon } = rules
  const parts = [g]
  if (center) parts.push(`${sums.sum} / ${count}`)
  const along = `${centred(x, names)} * ${names.rstd} * ${sums.dot}`
  // Below epsilon, l2's factor is the constant 1 / epsilon.
  if (scale === 'l2') parts.push(`${along} * step(${type}(${float(epsilon * epsilon)}), ${names.variance})`)
  else if (scale !== 'none') parts.push(`${along} / ${count}`)
  return `${names.rstd} * (${parts.join(' - ')})`
}

/** A number or vector type in a shading language. */
export interface Dialect {
  readonly declare: string
  readonly type: string
  /** True for each element that is 0. */
  readonly isZero: (value: string) => string
}

/** Statements for `rstd`, the factor of x - mean: 0 where that would divide by 0. */
export function factor({ scale, epsilon }: Rules, variance: string, dialect: Dialect): string {
  const { declare, type, isZero } = dialect
  if (scale === 'none') return `${declare} rstd = ${type}(1.0);`
  const root =
    scale === 'l2'
      ? `max(sqrt(${variance}), ${type}(${float(epsilon)}))`
      : `sqrt(${variance} + ${float(epsilon)})`
  // NaN is not 0, and stays.
  return `${declare} root = ${root};
  ${declare} empty = ${type}(${isZero('root')});
  ${declare} rstd = (1.0 - empty) / (root + empty);`
}
