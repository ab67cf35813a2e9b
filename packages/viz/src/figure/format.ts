/** Numbers as a reader sees them. */

const MINUS = '\u2212'

/** `value` with `digits` significant digits, plain from 1e-4 to 1e6 and as 1.2e7 outside, with a true minus sign. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : `${MINUS}∞`
  if (value === 0) return '0'
  const size = Math.abs(value)
  let result: string
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split('e')
    result = `${trim(mantissa)}e${exponent.replace('+', '').replace('-', MINUS)}`
  } else {
    const rounded = Number(size.toPrecision(digits))
    const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(rounded)))
    result = rounded >= 1000 ? integer(rounded) : rounded.toFixed(Math.min(decimals, 10))
  }
  return value < 0 ? MINUS + result : result
}

/** A mean and a standard deviation with the same decimals: three significant digits of the deviation. */
export function meanStd(mean: number, std: number): string {
  if (!(std > 1e-4 && std < 1e5 && Math.abs(mean) < 1e6)) return `${number(mean)} ± ${number(std)}`
  return `${asPrecise(mean, std)} ± ${asPrecise(std, std)}`
}

/** `value` with the decimals that `digits` significant digits of `std` have. */
export function asPrecise(value: number, std: number, digits = 3): string {
  if (!(std > 1e-4 && std < 1e5 && Math.abs(value) < 1e6)) return number(value)
  const decimals = Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(std))))
  const result = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(result) !== 0 ? MINUS + result : result
}

const trim = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal)

/** A whole number with thin spaces between thousands. */
export function integer(value: number): string {
  const digits = String(Math.round(Math.abs(value))).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')
  return value < 0 ? MINUS + digits : digits
}

/** Labels of axis ticks: all with the decimals that the step needs. */
export function tickLabels(values: readonly number[]): string[] {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0] ?? 1)
  const largest = Math.max(0, ...values.map(Math.abs))
  if (largest >= 1e5 || (largest > 0 && largest < 1e-3)) {
    // As many digits as tell neighbours apart, and at least three.
    const digits = Math.min(15, Math.max(2, Math.ceil(Math.log10(largest / (step || largest)))))
    return values.map((value) => trimmed(value, digits))
  }
  const decimals = Math.min(10, Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9)))
  return values.map((value) => {
    const result =
      largest >= 1e4 && decimals === 0 ? integer(Math.abs(value)) : Math.abs(value).toFixed(decimals)
    return value < 0 && Number(Math.abs(value).toFixed(decimals)) !== 0 ? MINUS + result : result
  })
}

const trimmed = (value: number, digits: number): string => {
  const [mantissa, exponent] = Math.abs(value).toExponential(digits).split('e')
  const power = Number(exponent)
  const body = value === 0 ? '0' : `${trim(mantissa)}e${power < 0 ? MINUS : ''}${Math.abs(power)}`
  return value < 0 ? MINUS + body : body
}

/** A share as a percentage: `0.4%`, `12%`, `< 0.1%`. */
export function percent(share: number): string {
  const value = share * 100
  if (value > 0 && value < 0.1) return '< 0.1%'
  if (value < 100 && value > 99.9) return '> 99.9%'
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}%`
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

/** Fixed decimals stand in columns; what would not fit so is written short. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e5) return number(value)
  const word = Math.abs(value).toFixed(digits)
  return value < 0 && Number(word) !== 0 ? `${MINUS}${word}` : word
}
