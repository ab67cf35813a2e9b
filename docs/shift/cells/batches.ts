import { assert, chart } from '@normlab/cell'
import { train } from '../training.ts'

// BatchNorm, with batches of 32 and of 4.
const runs = [32, 4].map((batch) => train({ norm: 'batch', batch, epochs: 12 }))
const loss = chart('training loss', { x: 'epoch', yScale: 'log' })
for (let epoch = 1; epoch <= 12; epoch++)
  loss.add(epoch, { 'batches of 32': runs[0][epoch].loss, 'batches of 4': runs[1][epoch].loss })
export const [of32, of4] = runs.map((looks) => looks[12].loss)
assert(of4 > 1.5 * of32, 'small batches keep the training loss up')
