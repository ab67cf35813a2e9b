/** 16-bit floats as float32; h5wasm reads none. */

const halves = (bytes: Uint8Array): Uint16Array => new Uint16Array(bytes.slice().buffer)

/** bfloat16 is the upper half of a float32. */
export function bfloat16(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves(bytes), (half) => half << 16).buffer)
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
export function float16(bytes: Uint8Array): Float32Array {
  return Float32Array.from(halves(bytes), (half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 31
    const fraction = half & 1023
    if (exponent === 31) return fraction ? NaN : sign * Infinity
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction)
  })
}
