import { assert, param, table } from '@normlab/cell'
import { driftOf, train, type Look } from '../training.ts'

const noise = param('noise', 0.5, { min: 0, max: 1.5, step: 0.1, label: 'Noise' })

// After the normalization each neuron gets noise whose mean and spread are drawn anew at every step.
const sigmoid = { activation: 'sigmoid', rate: 0.3 } as const
const runs = (amount: number) => ({
  'ReLU, BatchNorm and noise': train({ norm: 'batch', noise: amount }),
  'sigmoid, noise alone': train({ ...sigmoid, noise: amount }),
  'sigmoid, BatchNorm and noise': train({ ...sigmoid, norm: 'batch', noise: amount }),
})
const row = (looks: Look[]) => ({ moves: driftOf(looks)[4], right: looks[30].accuracy, loss: looks[30].loss })
const usual = runs(0.5)
table(
  Object.entries(noise === 0.5 ? usual : runs(noise)).map(([network, looks]) => {
    const { moves, right, loss } = row(looks)
    return { network, 'layer 5 moves': moves, 'test examples right': right, 'training loss': loss }
  }),
  { digits: 3 },
)
// With noise 0.5.
export const [relu, alone, both] = Object.values(usual).map(row)
assert(relu.moves > 0.22, 'with noise the neurons move farther than in the plain network, where it is 0.21')
assert(relu.right > 0.95, 'and it learns')
assert(alone.right < 0.4 && both.right > 0.75, 'sigmoid: noise alone guesses, BatchNorm with noise learns')
