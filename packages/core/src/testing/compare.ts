/** Greatest |got - want| over the greatest |want|: 0 when both are the same, Infinity where one is NaN and the other not. */
export function greatestError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Infinity
  let error = 0
  let scale = 0
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || got[i] === want[i])
      scale = Math.max(scale, Number.isFinite(want[i]) ? Math.abs(want[i]) : 0)
    else {
      if (!Number.isFinite(got[i]) || !Number.isFinite(want[i])) return Infinity
      error = Math.max(error, Math.abs(got[i] - want[i]))
      scale = Math.max(scale, Math.abs(want[i]))
    }
  }
  return error === 0 ? 0 : error / Math.max(scale, Number.MIN_VALUE)
}

/** True when the error is within `tolerance` of the greatest wanted value, or within `floor` where that is tiny. */
export function withinGreatest(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  floor = 0,
): boolean {
  if (greatestError(got, want) <= tolerance) return true
  return (
    got.length === want.length &&
    Array.prototype.every.call(want, (value: number, i: number) => Math.abs(got[i] - value) <= floor)
  )
}
