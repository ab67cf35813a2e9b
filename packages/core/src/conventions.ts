/**
 * How frameworks differ. `batchNorm.with(conventions.torch)` has PyTorch's epsilon, decay, stored variance and axis.
 *
 * Read in: PyTorch 1.13.1 (run) and its stable documentation; Keras 3, revision 3422977a; TensorFlow.js 4.22.0 (run);
 * Flax nnx, revision 18f8f311; ONNX 1.23-dev; MLX, revision 846d1762.
 */
import type { Convention, ConventionEntry } from './convention.ts'

/** torch.finfo(torch.float32).eps, which nn.RMSNorm takes by default. */
const EPS32 = 2 ** -23

const at = (axis: number, epsilon: number, more: Record<string, unknown> = {}): ConventionEntry => ({
  options: { axis, epsilon, ...more },
})

const running = (decay: number, variance: 'biased' | 'unbiased') => ({ decay, variance })

/** MLX groups channels by c mod g, unless it is told to be compatible with PyTorch. */
const INTERLEAVED = { stats: 'n s (k g) -> n g' }

export const conventions = {
  torch: {
    framework: 'PyTorch',
    variants: {
      BatchNorm: at(1, 1e-5, running(0.9, 'unbiased')),
      LayerNorm: at(-1, 1e-5),
      RMSNorm: at(-1, EPS32),
      GroupNorm: at(1, 1e-5),
      InstanceNorm: at(1, 1e-5),
      L2Norm: at(1, 1e-12),
      LocalResponseNorm: { options: { axis: 1, before: 2, after: 2, alpha: 1e-4 / 5, beta: 0.75, k: 1 } },
      WeightNorm: at(0, 0),
      SpectralNorm: at(0, 1e-12, { iterations: 1 }),
      Dropout: { options: { rate: 0.5 } },
    },
  },
  keras: {
    framework: 'Keras 3',
    variants: {
      BatchNorm: at(-1, 1e-3, running(0.99, 'biased')),
      LayerNorm: at(-1, 1e-3),
      RMSNorm: at(-1, 1e-6),
      GroupNorm: at(-1, 1e-3, { g: 32 }),
      InstanceNorm: at(-1, 1e-3),
      L2Norm: at(-1, 1e-12),
      SpectralNorm: at(-1, 1e-12, { iterations: 1 }),
    },
  },
  tfjs: {
    framework: 'TensorFlow.js',
    variants: {
      BatchNorm: at(-1, 1e-3, running(0.99, 'biased')),
      LayerNorm: at(-1, 1e-3),
      LocalResponseNorm: { options: { axis: -1, before: 5, after: 5, alpha: 1, beta: 0.5, k: 1 } },
    },
  },
  flax: {
    framework: 'Flax nnx',
    variants: {
      BatchNorm: at(-1, 1e-5, running(0.99, 'biased')),
      LayerNorm: at(-1, 1e-6),
      RMSNorm: at(-1, 1e-6),
      GroupNorm: at(-1, 1e-6, { g: 32 }),
      InstanceNorm: at(-1, 1e-6),
    },
  },
  onnx: {
    framework: 'ONNX',
    variants: {
      BatchNorm: at(1, 1e-5, running(0.9, 'biased')),
      LayerNorm: at(-1, 1e-5),
      RMSNorm: at(-1, 1e-5),
      GroupNorm: at(1, 1e-5),
      InstanceNorm: at(1, 1e-5),
      L2Norm: at(-1, 0),
      MeanVarianceNorm: at(1, 1e-9),
      Dropout: { options: { rate: 0.5 } },
    },
  },
  mlx: {
    framework: 'MLX',
    variants: {
      BatchNorm: at(-1, 1e-5, running(0.9, 'unbiased')),
      LayerNorm: at(-1, 1e-5),
      RMSNorm: at(-1, 1e-5),
      GroupNorm: { ...at(-1, 1e-5), record: INTERLEAVED },
      InstanceNorm: at(-1, 1e-5),
      Dropout: { options: { rate: 0.5 } },
    },
  },
} as const satisfies Readonly<Record<string, Convention>>
