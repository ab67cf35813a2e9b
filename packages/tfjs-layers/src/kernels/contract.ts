/**
 * The fused kernels: what each takes and gives. A backend registers those that it has (src/backends); where one is missing,
 * or says that it cannot serve a call, the composition of tfjs's own operations runs.
 *
 * x, y, dy and dx keep x's own shape, and gamma and beta theirs: no kernel reshapes. How they lie over one another is
 * said by `Cells`: x in memory order as an array of `sizes`, parameters as arrays over the same dimensions.
 */
import * as tf from '@tensorflow/tfjs-core'

/** x, [gamma], [beta] -> y, [mean, variance], ...saved */
export const NORMALIZE = 'NormlabNormalize'
/** dy, x, [gamma], saved0, saved1, ... -> dx, [dgamma], [dbeta] */
export const NORMALIZE_GRAD = 'NormlabNormalizeGrad'
/** x, mean, variance, [gamma], [beta] -> y */
export const APPLY = 'NormlabApply'
/** dy, x, mean, variance, [gamma] -> dx, dmean, dvariance, [dgamma], [dbeta] */
export const APPLY_GRAD = 'NormlabApplyGrad'
/** x -> y, [mask]. Without a mask it is its own gradient: dx is the same of dy. */
export const DROPOUT = 'NormlabDropout'
/** dy, mask -> dx: where a backend's forward gives a mask, of whatever form. */
export const DROPOUT_GRAD = 'NormlabDropoutGrad'

export type KernelName =
  | typeof NORMALIZE
  | typeof NORMALIZE_GRAD
  | typeof APPLY
  | typeof APPLY_GRAD
  | typeof DROPOUT
  | typeof DROPOUT_GRAD

/** How x is walked. As few dimensions as it needs, so neighbours differ in kind. */
export interface Cells {
  /** x's elements in memory order, as an array of these sizes. */
  readonly sizes: readonly number[]
  /** The dimensions that a cell runs over, ascending. A cell is a set of elements with statistics of its own. */
  readonly axes: readonly number[]
  /** The parameters' sizes over the same dimensions, 1 where they do not vary. Undefined: there is none. */
  readonly gamma: readonly number[] | undefined
  readonly beta: readonly number[] | undefined
}

export interface CommonAttrs {
  /** The same object for the same layer and shape: tables can be kept by it. */
  readonly cells: Cells
  readonly center: boolean
  /**
   * What (x - mean) is divided by: sqrt(variance + epsilon) for std and rms, max(sqrt(variance), epsilon) for l2, 1 for
   * none. `variance` is the biased variance for std, the mean square for rms (around the mean, if centred), the sum of
   * squares for l2. 0 / 0 counts as 0.
   */
  readonly scale: 'std' | 'rms' | 'l2' | 'none'
  readonly epsilon: number
  /** The forward multiplies by 1 + gamma. */
  readonly plusOne: boolean
  /** Own shapes of the parameters: those of their gradients. */
  readonly gammaShape: readonly number[] | undefined
  readonly betaShape: readonly number[] | undefined
}

export interface NormalizeAttrs extends CommonAttrs {
  /** Outputs 1 and 2 are mean and variance, of `cellShape(cells)`. Of the batch, for moving statistics: no gradient. */
  readonly moments: boolean
}
/**
 * Outputs `saved` are the backend's own affair: any number, any shape, handed to the gradient as they are. They must hold
 * the statistics well enough that x of mean 1e6 and spread 1 has a right gradient: one float32 mean does not.
 */
export type NormalizeGradAttrs = CommonAttrs

/** Statistics are given: cells are what `mean` and `variance` vary along, in x's order. */
export type ApplyAttrs = CommonAttrs

export interface DropoutAttrs {
  /** Dropped fraction, above 0. Kept elements are divided by 1 - rate; dropped ones are 0, NaN too; rate 1 drops all. */
  readonly rate: number
  /** Both integers from 0 to 2^53 - 1. */
  readonly seed: number
  readonly step: number
}

/** One size a dimension of `sizes`: 1 where a cell runs along it. */
export const cellShape = ({ sizes, axes }: Cells): number[] =>
  sizes.map((size, i) => (axes.includes(i) ? 1 : size))

/** Number of cells, and of elements in each. */
export const cellCount = (cells: Cells): number => cellShape(cells).reduce((a, b) => a * b, 1)
export const cellSize = ({ sizes, axes }: Cells): number => axes.reduce((n, axis) => n * sizes[axis], 1)

type Info = tf.TensorInfo
interface Params {
  readonly gamma?: Info
  readonly beta?: Info
}
interface Inputs {
  readonly [NORMALIZE]: Params & { readonly x: Info }
  readonly [NORMALIZE_GRAD]: {
    readonly dy: Info
    readonly x: Info
    readonly gamma?: Info
    readonly [saved: `saved${number}`]: Info
  }
  readonly [APPLY]: Params & { readonly x: Info; readonly mean: Info; readonly variance: Info }
  readonly [APPLY_GRAD]: {
    readonly dy: Info
    readonly x: Info
    readonly mean: Info
    readonly variance: Info
    readonly gamma?: Info
  }
  readonly [DROPOUT]: { readonly x: Info }
  readonly [DROPOUT_GRAD]: { readonly dy: Info; readonly mask: Info }
}
interface Attrs {
  readonly [NORMALIZE]: NormalizeAttrs
  readonly [NORMALIZE_GRAD]: NormalizeGradAttrs
  readonly [APPLY]: ApplyAttrs
  readonly [APPLY_GRAD]: ApplyAttrs
  readonly [DROPOUT]: DropoutAttrs
  readonly [DROPOUT_GRAD]: DropoutAttrs
}
export type FusedKernels<B> = {
  readonly [K in KernelName]?: (inputs: Inputs[K], attrs: Attrs[K], backend: B) => Info[]
}

/** A backend's own veto, for one kernel of one call: what it cannot serve, the composition does. */
type Guard<B> = (name: KernelName, attrs: Attrs[KernelName], backend: B) => boolean
const guards = new Map<string, Guard<never>>()

/** Registers a backend's kernels. The backend's package need not be there, and nothing of it is loaded. */
export function registerFused<B extends tf.KernelBackend>(
  backendName: string,
  kernels: FusedKernels<B>,
  serves: Guard<B> = () => true,
): void {
  for (const [kernelName, run] of Object.entries(kernels)) {
    // Two copies of this package share tfjs's registry.
    if (tf.getKernel(kernelName, backendName)) continue
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        (run as (inputs: unknown, attrs: unknown, backend: unknown) => Info[])(inputs, attrs, backend),
    })
  }
  guards.set(backendName, serves as Guard<never>)
}

/** True where the active backend has the kernel, and serves this call. */
export function hasKernel<K extends KernelName>(name: K, attrs: Attrs[K]): boolean {
  const backendName = tf.getBackend()
  if (!backendName || !tf.getKernel(name, backendName)) return false
  const serves = guards.get(backendName) as Guard<tf.KernelBackend> | undefined
  return serves?.(name, attrs, tf.backend() as tf.KernelBackend) ?? true
}

/** Runs it on the active backend. Inputs that are undefined are left out: a key without a tensor breaks the tape. */
export function runKernel<K extends KernelName>(
  name: K,
  inputs: { readonly [I in keyof Inputs[K]]: tf.Tensor | undefined },
  attrs: Attrs[K],
): tf.Tensor[] {
  const given = Object.fromEntries(Object.entries(inputs).filter(([, t]) => t !== undefined))
  return tf
    .engine()
    .runKernel(name, given as unknown as tf.NamedTensorMap, attrs as unknown as tf.NamedAttrMap)
}
