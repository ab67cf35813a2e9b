/** Error function to float64 accuracy. The series has positive terms only, so nothing cancels. Abramowitz & Stegun 7.1.6. */
export function erf(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? NaN : Math.sign(x)
  const square = 2 * x * x
  let term = x
  let sum = x
  for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
    term *= square / n
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
