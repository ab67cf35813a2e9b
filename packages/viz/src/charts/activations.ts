/** Activation functions with their slopes, and what a set of pre-activations meets on them. */

export type Activation = 'sigmoid' | 'tanh' | 'relu'

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

/** `steepest` is the greatest slope there is. */
export const activations: Readonly<
  Record<Activation, { value: (z: number) => number; slope: (z: number) => number; steepest: number }>
> = {
  sigmoid: { value: sigmoid, slope: (z) => sigmoid(z) * sigmoid(-z), steepest: 0.25 },
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2, steepest: 1 },
  relu: { value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0), steepest: 1 },
}

export interface OperatingFacts {
  /** Values that are finite. */
  readonly count: number
  /** Average slope at the values, as a share of the steepest: what passes backward. */
  readonly slope: number
  /** Share of the values where the slope is below a twentieth of the steepest. */
  readonly flat: number
  /** Share of the outputs' variance that the best straight line explains: 1 where the function acts as a line. */
  readonly linear: number
}

/** Which part of an activation function a set of pre-activations uses. Values that are not finite are left out. */
export function operatingFacts(values: ArrayLike<number>, activation: Activation): OperatingFacts {
  const { value, slope, steepest } = activations[activation]
  const z = Array.from(values).filter((each) => Number.isFinite(each))
  const slopes = z.map((each) => slope(each) / steepest)
  const a = z.map(value)
  // In units of the greatest, whose square neither overflows nor vanishes.
  const [dz, da] = [z, a].map((of) => {
    const mean = average(of)
    const greatest = of.reduce((most, each) => Math.max(most, Math.abs(each - mean)), 0)
    return of.map((each) => (greatest > 0 ? (each - mean) / greatest : 0))
  })
  const inner = (p: readonly number[], q: readonly number[]): number =>
    average(p.map((each, i) => each * q[i]))
  const [spread, outSpread] = [Math.sqrt(inner(dz, dz)), Math.sqrt(inner(da, da))]
  return {
    count: z.length,
    slope: average(slopes),
    flat: average(slopes.map((each) => (each < 0.05 ? 1 : 0))),
    // Outputs that do not vary lie on a line.
    linear: spread > 0 && outSpread > 0 ? (inner(dz, da) / spread / outSpread) ** 2 : 1,
  }
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each / values.length, 0)
