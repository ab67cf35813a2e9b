/** The same formulas in float64, one element at a time: where float32 would overflow or underflow on the way. */

/** y = (x - center) rstd gamma + beta. `stride` is 4 where gamma and beta have an entry an element, 0 where one for all. */
export function affineCarefully(
  x: usize,
  y: usize,
  n: i32,
  center: f64,
  rstd: f64,
  gamma: usize,
  beta: usize,
  stride: usize,
): void {
  for (const end = x + ((<usize>n) << 2); x < end; x += 4) {
    const t = (<f64>load<f32>(x) - center) * rstd
    store<f32>(y, <f32>(t * <f64>load<f32>(gamma) + <f64>load<f32>(beta)))
    y += 4
    gamma += stride
    beta += stride
  }
}
