/** Dropout by TensorFlow's own counter-based generator: its stream, and not core's. The mask is drawn again for dx. */
import { DROPOUT, type FusedKernels } from '../../kernels/contract.ts'
import { Ops, type TensorflowBackend } from './ops.ts'

/** An integer below 2^53 as 32 bits: below 2^32 itself, above with the upper part mixed in (the golden ratio's multiple). */
const folded = (value: number): number => (value | 0) ^ Math.imul(Math.floor(value / 2 ** 32), 0x9e3779b1)

export const dropoutKernels: FusedKernels<TensorflowBackend> = {
  [DROPOUT]: ({ x }, { rate, seed, step }, backend) =>
    Ops.run(backend, (ops) => {
      const draw = ops.uniform(x.shape, [folded(seed), folded(step)])
      const keep = ops.greaterEqual(draw, ops.scalar(rate))
      ops.release(draw)
      const scaled = ops.mul(x, ops.scalar(rate < 1 ? 1 / (1 - rate) : 0))
      return [ops.select(keep, scaled, ops.scalar(0))]
    }),
}
