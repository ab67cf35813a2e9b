/**
 * Makes Math.random start anew from a seed, so that a cell prints the same at every run: initializers and shuffles that
 * nobody seeded draw from it. Generator: xorshift128, Marsaglia 2003, https://doi.org/10.18637/jss.v008.i14
 */
export function seedRandom(seed = 1): void {
  let [x, y, z, w] = [123_456_789 ^ seed, 362_436_069, 521_288_629, 88_675_123]
  const next = (): number => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w = w ^ (w >>> 19) ^ (t ^ (t >>> 8))
    return w >>> 0
  }
  for (let i = 0; i < 16; i++) next()
  Math.random = () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53
}
