/** One call of a variant, served under the names of a case file. */
import { initialValues } from '../../initial.ts'
import { product } from '../../plan.ts'
import type { AnyNorm } from '../../normTypes.ts'
import type { RunningState } from '../../running.ts'
import type { Tensor } from '../../tensor.ts'
import { secondOrder } from '../gradients.ts'
import { broadcastTo, sumTo } from './broadcast.ts'
import type { ConformanceCase } from './cases.ts'

export type Arrays = Record<string, ArrayLike<number> | undefined>

/** What an adapter gives back: arrays by the case's own names. */
export interface Served {
  readonly outputs: Arrays
  /** Gradients by name: `dx`, `dgamma`. */
  readonly backward?: (dy: Tensor) => Arrays
  /** Second-order derivatives by input name: `x`, `gamma`, `dy`. Served by the reference alone. */
  readonly second?: (dy: Tensor, v: Tensor) => Arrays
}

/** Operands of the case, cast to the precision under test. Absent ones are undefined. */
export type Operands = (name: string) => Tensor | undefined

export interface Question {
  readonly entry: ConformanceCase
  readonly attrs: Readonly<Record<string, unknown>>
  readonly operand: Operands
  /** Operand `i` of an ONNX node: inputs and initializers in the node's order. */
  readonly input: (i: number) => Tensor | undefined
  /** The wanted outputs, for dropout cases that bring no mask. */
  readonly wanted: Operands
}

export type Adapter = (question: Question) => Served

export const number = (value: unknown, fallback: number): number =>
  typeof value === 'number' ? value : fallback

/** epsilon and binding; `eps` is PyTorch's default where the case is silent. */
export const common = ({ attrs }: Question): Record<string, unknown> => ({
  epsilon: number(attrs.eps, 1e-5),
  axis: attrs.axis ?? -1,
})

/** Runs a norm; gamma and beta may broadcast against their own shape, as NumPy would. */
export function serveNorm(
  variant: AnyNorm,
  x: Tensor,
  given: Readonly<Record<string, Tensor | undefined>>,
  options: Record<string, unknown>,
  name: (result: {
    y: Tensor
    saved: ReturnType<AnyNorm['forward']>['saved']
    state?: RunningState
  }) => Arrays,
): Served {
  const present = Object.entries(given).filter((pair): pair is [string, Tensor] => pair[1] !== undefined)
  const params = Object.fromEntries(
    present.map(([key, value]) => [key, broadcastTo(value, variant.paramShape(key, x.shape, options))]),
  )
  const result = variant.forward(x, params, options)
  return {
    outputs: name(result),
    backward: (dy) => {
      const { dx, dstate, ...rest } = variant.backward(dy, result.saved) as Record<string, Tensor> & {
        dstate?: { mean?: Tensor; variance?: Tensor }
      }
      const summed = Object.entries(rest).map(([key, value]) => [
        key,
        sumTo(value, given[key.slice(1)]!.shape).data,
      ])
      return {
        dx: dx.data,
        dmean: dstate?.mean?.data,
        dvariance: dstate?.variance?.data,
        ...initialGradients(variant, x, given, dy, options),
        ...Object.fromEntries(summed),
      }
    },
    second: (dy, v) => secondOrder(variant, { x, params, options }, dy, v),
  }
}

/** A case may ask for the gradient of a parameter that it does not give: it then stands at its initial value. */
function initialGradients(
  variant: AnyNorm,
  x: Tensor,
  given: Readonly<Record<string, Tensor | undefined>>,
  dy: Tensor,
  options: Record<string, unknown>,
): Arrays {
  const missing = Object.keys(variant.params).filter((key) => given[key] === undefined)
  if (missing.length === 0) return {}
  const params = Object.fromEntries(
    Object.entries(variant.params).map(([key, param]) => {
      const shape = variant.paramShape(key, x.shape, options)
      const initial = { data: initialValues(param, product(shape)), shape }
      return [key, given[key] ? broadcastTo(given[key], shape) : initial]
    }),
  )
  const gradients = variant.backward(dy, variant.forward(x, params, options).saved)
  return Object.fromEntries(missing.map((key) => [`d${key}`, gradients[`d${key}`].data]))
}
