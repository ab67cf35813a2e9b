/** BatchNormalization of Keras with `renorm=True`: Batch Renormalization whose correction has an average of its own. */
import { applyAffine, batchNorm, cellMoments, norm, type AnyNorm, type Ops } from '@normlab/core'

/** Of float32: options are finite numbers. */
export const NO_BOUND = 3e38

/**
 * State: moving_mean and moving_variance are for inference, renorm_mean and renorm_stddev for the correction, and
 * moving_stddev is what the moving variance follows. https://arxiv.org/abs/1702.03275; the state is Keras's.
 */
export function renormalized(flags: { center: boolean; scale: boolean }): AnyNorm {
  const { gamma, beta } = batchNorm.params
  const params = { ...(flags.scale ? { gamma } : {}), ...(flags.center ? { beta } : {}) }
  const zero = { along: 'c', init: 0 } as const
  const one = { along: 'c', init: 1 } as const
  return norm({
    name: batchNorm.name,
    stats: batchNorm.stats,
    params,
    state: {
      moving_mean: zero,
      moving_variance: one,
      moving_stddev: one,
      renorm_mean: zero,
      renorm_stddev: one,
    },
    options: { epsilon: 1e-3, decay: 0.99, renormMomentum: 0.99, rMax: NO_BOUND, rMin: 0, dMax: NO_BOUND },
    apply<T>(
      t: Ops<T>,
      x: T,
      given: Readonly<Record<string, T>>,
      state: Readonly<Record<string, T>>,
      options: Readonly<Record<string, unknown>>,
    ) {
      const { training, epsilon, decay, renormMomentum, rMax, rMin, dMax } = options as Record<string, number>
      const tiny = t.constant(epsilon)
      const root = (variance: T) => t.sqrt(t.add(variance, tiny))
      if (!training) {
        const xhat = t.div(t.sub(x, state.moving_mean), root(state.moving_variance))
        return { y: applyAffine(t, xhat, given, { params }) }
      }
      const { mean, variance } = cellMoments(t, x, 'c', 'std', true)
      const stddev = root(variance)
      // Early in training the average may be 0.
      const average = t.max(state.renorm_stddev, t.constant(Math.sqrt(epsilon)))
      const clip = (value: T, low: number, high: number) => {
        const from = t.max(value, t.constant(low))
        return t.sub(t.constant(0), t.max(t.sub(t.constant(0), from), t.constant(-high)))
      }
      const r = t.stopGradient(clip(t.div(stddev, average), rMin, rMax))
      const d = t.stopGradient(clip(t.div(t.sub(mean, state.renorm_mean), average), -dMax, dMax))
      const next = (was: T, is: T, weight: number): T =>
        t.stopGradient(t.add(t.mul(was, t.constant(weight)), t.mul(is, t.constant(1 - weight))))
      const moving = next(state.moving_stddev, stddev, decay)
      const xhat = t.add(t.mul(t.div(t.sub(x, mean), stddev), r), d)
      return {
        y: applyAffine(t, xhat, given, { params }),
        state: {
          moving_mean: next(state.moving_mean, mean, decay),
          moving_variance: t.stopGradient(t.max(t.sub(t.mul(moving, moving), tiny), t.constant(0))),
          moving_stddev: moving,
          renorm_mean: next(state.renorm_mean, mean, renormMomentum),
          renorm_stddev: next(state.renorm_stddev, stddev, renormMomentum),
        },
      }
    },
  }) as unknown as AnyNorm
}
