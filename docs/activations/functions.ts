/** Activation functions with their slopes. */
export interface ActivationFunction {
  readonly label: string
  readonly value: (z: number) => number
  readonly slope: (z: number) => number
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

export const functions = {
  relu: { label: 'ReLU', value: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  sigmoid: { label: 'sigmoid', value: sigmoid, slope: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { label: 'tanh', value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  // Ramachandran and others 2017, Searching for Activation Functions; beta = 1.
  silu: {
    label: 'SiLU (Swish)',
    value: (z) => z * sigmoid(z),
    slope: (z) => sigmoid(z) * (1 + z * sigmoid(-z)),
  },
  none: { label: 'none: a = z', value: (z) => z, slope: () => 1 },
} satisfies Record<string, ActivationFunction>

export type FunctionName = keyof typeof functions
