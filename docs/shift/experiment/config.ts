export const dataNames = ['spirals', 'moons', 'csv'] as const
export const normNames = ['none', 'batch', 'layer', 'group', 'rms'] as const
export const activationNames = ['relu', 'tanh', 'sigmoid'] as const

export type NormName = (typeof normNames)[number]
export type ActivationName = (typeof activationNames)[number]

/** All that decides a run. The same values give the same run. */
export interface RunConfig {
  readonly data: (typeof dataNames)[number]
  readonly norm: NormName
  readonly activation: ActivationName
  /** Hidden layers. */
  readonly depth: number
  /** Units in each hidden layer. */
  readonly width: number
  readonly batch: number
  readonly rate: number
  readonly epochs: number
  readonly seed: number
}

export const defaultRun: RunConfig = {
  data: 'spirals',
  norm: 'batch',
  activation: 'relu',
  depth: 5,
  width: 24,
  batch: 32,
  rate: 0.1,
  epochs: 30,
  seed: 1,
}

/** The epochs that stay in the picture: 1, a third of the way, and the last; 1, 10 and 30 for a run of 30. */
export function shownEpochs(epochs: number): number[] {
  return [...new Set([1, Math.max(1, Math.round(epochs / 3)), epochs])]
}

/** Groups of GroupNorm: at most four, and they divide the width. */
export const groupsFor = (width: number): number => [4, 3, 2].find((groups) => width % groups === 0) ?? 1
