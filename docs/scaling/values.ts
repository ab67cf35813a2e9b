/** Values of three shapes, and what scaling makes of them. Math.random is seeded in a cell. */
import { normal } from './plane.ts'

export const shapes = {
  /** Mean 0, standard deviation 1. */
  Gaussian: normal,
  /** Log-normal: most are small, some are many times larger. */
  skewed: () => Math.exp(normal()),
  /** Student's t with 2 degrees of freedom: its variance is infinite. */
  'heavy-tailed': () => normal() / Math.sqrt(-Math.log(1 - Math.random())),
} as const

export const draw = (count: number, one: () => number): number[] => Array.from({ length: count }, one)

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0)
const quantile = (sorted: readonly number[], share: number) => sorted[Math.round(share * (sorted.length - 1))]

/** Learns a scaling from values, and gives it as a function of one value. */
export const scalings = {
  'min-max': (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return (value: number) => (value - low) / (high - low)
  },
  standardize: (values: readonly number[]) => {
    const mean = average(values)
    const std = Math.sqrt(average(values.map((value) => (value - mean) ** 2)))
    return (value: number) => (value - mean) / std
  },
  'median and quartiles': (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b)
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share))
    return (value: number) => (value - middle) / (high - low)
  },
} as const

/** The third standardized moment: 0 for a symmetric shape. */
export function skewness(values: readonly number[]): number {
  const z = values.map(scalings.standardize(values))
  return average(z.map((value) => value ** 3))
}

/** The fourth standardized moment: 3 for a Gaussian. */
export function kurtosis(values: readonly number[]): number {
  const z = values.map(scalings.standardize(values))
  return average(z.map((value) => value ** 4))
}
