import type { conventions } from '../conventions.ts'

/** What frameworks do and their conventions here do not imitate. */
export const conventionNotes: Readonly<Record<keyof typeof conventions, readonly string[]>> = {
  torch: ['refuses one value per channel in training', 'an empty batch counts as a batch tracked'],
  keras: ['masked sums are divided by the sum of the mask plus 1e-7', 'an empty batch stores NaN'],
  tfjs: ['masks are ignored in the statistics', 'an empty batch decays the running variance'],
  flax: ['the variance is E[x²] - E[x]² by default, which loses digits far from 0; ours does not'],
  onnx: ['opset 18 has gamma and beta a group, opset 21 a channel'],
  mlx: ['refuses one value per channel in training'],
}
