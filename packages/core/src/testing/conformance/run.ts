/** Runs case files against core: the reference against the file, the float32 kernels against the reference. */
import type { Tensor } from '../../tensor.ts'
import { greatestError } from '../compare.ts'
import { adapters } from './adapters.ts'
import { decode, type ConformanceCase, type Operand } from './cases.ts'
import type { Question, Served } from './serve.ts'

export interface ConformanceResult {
  readonly name: string
  readonly op: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What failed, with the figure; or why it was skipped. */
  readonly why?: string
}

const REFERENCE = 1e-10
/** Where the file's own numbers are float32. */
const REFERENCE_OF_SINGLE = 1e-6
const KERNEL = 2e-5
/** A gradient that vanishes is rounding noise in the file too: below this, float64 answers agree. */
const NOISE = 1e-12

const single = (tensor: Tensor): Tensor => ({ data: Float32Array.from(tensor.data), shape: tensor.shape })
const double = (tensor: Tensor): Tensor => ({ data: Float64Array.from(tensor.data), shape: tensor.shape })

/** Answers one case. */
export function runCase(entry: ConformanceCase): ConformanceResult {
  const head = { name: entry.name, op: entry.op }
  if (entry.superseded) return { ...head, status: 'skipped', why: 'superseded' }
  const adapter = adapters[entry.op]
  if (!adapter) return { ...head, status: 'skipped', why: `no variant serves ${entry.op} yet` }
  try {
    const why = ask(entry, adapter)
    return why ? { ...head, status: 'failed', why } : { ...head, status: 'passed' }
  } catch (error) {
    return {
      ...head,
      status: 'failed',
      why: `threw ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}

/** Answers every case of a file's content. */
export function runFile(content: { cases: readonly ConformanceCase[] }): ConformanceResult[] {
  return content.cases.map(runCase)
}

/** The first thing that is wrong, in words, or undefined. */
function ask(entry: ConformanceCase, adapter: (question: Question) => Served): string | undefined {
  const decoded = new Map(
    [...entry.inputs, ...(entry.initializers ?? [])].map((operand) => [operand.name, decode(operand)]),
  )
  const wanted = new Map(entry.outputs.map((operand) => [operand.name, decode(operand)]))
  const order = entry.node_inputs ?? [...decoded.keys()]
  const at = (cast: (tensor: Tensor) => Tensor): Served => {
    const operand = (name: string) => (decoded.has(name) ? cast(decoded.get(name)!) : undefined)
    return adapter({
      entry,
      attrs: entry.attrs ?? {},
      operand,
      input: (i) => operand(order[i] ?? ''),
      wanted: (name) => wanted.get(name),
    })
  }
  const reference = at(double)
  const rounded = at((tensor) => double(single(tensor)))
  const kernel = at(single)
  const dy = upstream(entry, reference)
  const answers = (served: Served, cast: (tensor: Tensor) => Tensor) => ({
    ...served.outputs,
    ...(dy && entry.grads ? served.backward?.(cast(dy)) : {}),
  })
  const got = answers(reference, double)
  const checked: [string, Operand, ArrayLike<number> | undefined][] = [
    ...entry.outputs,
    ...(entry.grads ?? []),
  ].map((operand) => [operand.name, operand, got[operand.name]])
  if (entry.grads?.length && !dy) return 'gradients are given, but neither dy nor loss'
  if (entry.second_order && dy) {
    const v = decode(entry.second_order.v)
    const second = reference.second?.(dy, v) ?? {}
    for (const [key, operand] of Object.entries(entry.second_order))
      if (key !== 'v') checked.push([key, operand, second[key.slice('d_dx_v_d'.length)]])
  }
  if (checked.length === 0) return 'nothing to check'
  for (const [name, operand, values] of checked) {
    if (!values) return `${name}: not served`
    const why = differs(values, decode(operand).data, operand, entry.tol)
    if (why) return `${name}: reference ${why}`
  }
  const slow = answers(rounded, (tensor) => double(single(tensor)))
  const fast = answers(kernel, single)
  for (const [name, , values] of checked) {
    if (fast[name] === undefined || values === undefined) continue
    const error = greatestError(fast[name], slow[name]!)
    // Where the answer is rounding alone (a gradient that vanishes), the size of x and dy is the measure.
    const floor = 1e-6 * Math.max(1, ...Array.from(dy?.data ?? [], Math.abs))
    const tiny = Array.from(slow[name]!).every(
      (value, i) => Math.abs(value) <= floor && Math.abs(fast[name]![i]) <= floor,
    )
    if (error > KERNEL && !tiny)
      return `${name}: kernel is ${error.toExponential(2)} from the reference, ${KERNEL} allowed`
  }
  return undefined
}

function differs(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { dtype }: Operand,
  tol: number | undefined,
): string | undefined {
  if (got.length !== want.length) return `has ${got.length} values, ${want.length} wanted`
  if (tol !== undefined) {
    for (let i = 0; i < want.length; i++)
      if (!(Math.abs(got[i] - want[i]) <= tol) && !Object.is(got[i], want[i]) && got[i] !== want[i])
        return `at ${i}: ${got[i]}, ${want[i]} wanted within ${tol}`
    return undefined
  }
  const allowed = dtype === 'float64' || dtype === 'double' ? REFERENCE : REFERENCE_OF_SINGLE
  const error = greatestError(got, want)
  if (Array.from(want).every((value, i) => Math.abs(value) <= NOISE && Math.abs(got[i]) <= NOISE))
    return undefined
  return error <= allowed ? undefined : `is ${error.toExponential(2)} off, ${allowed} allowed`
}

/** dy of the case: given, or the gradient of its loss at y. */
function upstream(entry: ConformanceCase, reference: Served): Tensor | undefined {
  if (entry.dy) return decode(entry.dy)
  const y = entry.outputs[0]
  if (entry.loss === undefined || !y) return undefined
  const match = /^(mean|sum)\((y|exp\(y\)|y\^2|square\(y\))\)$/.exec(
    entry.loss.replaceAll(' ', '').replaceAll('**', '^'),
  )
  if (!match) throw new Error(`unknown loss ${entry.loss}`)
  const values = Float64Array.from(reference.outputs[y.name] ?? [])
  const slope = {
    y: () => 1,
    'exp(y)': Math.exp,
    'y^2': (value: number) => 2 * value,
    'square(y)': (value: number) => 2 * value,
  }[match[2]]!
  return {
    data: values.map((value) => slope(value) / (match[1] === 'mean' ? values.length : 1)),
    shape: y.shape,
  }
}
