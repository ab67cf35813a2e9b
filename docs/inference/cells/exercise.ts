import { assert, table } from '@normlab/cell'

// After t steps decay^t of the start is left. How many steps until it is less than a hundredth?
const steps = (decay: number) => Math.floor(Math.log(0.01) / Math.log(decay)) + 1
export const [ofNine, ofNinetyNine] = [0.9, 0.99].map(steps)
table(
  [0.9, 0.99].map((decay) => ({
    decay,
    steps: steps(decay),
    'left then': decay ** steps(decay),
    'a step before': decay ** (steps(decay) - 1),
  })),
  { digits: 5 },
)
assert(
  [0.9, 0.99].every((decay) => decay ** steps(decay) < 0.01 && decay ** (steps(decay) - 1) >= 0.01),
  'then it is less than a hundredth, and a step before it was not',
)
