/** Programs for tfjs's webgpu backend, as plain data: its package need not be there. */
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

/** The part of tfjs's WebGPUBackend that is used. */
export interface WebgpuBackend extends KernelBackend {
  runWebGPUProgram(
    program: object,
    inputs: TensorInfo[],
    dtype: DataType,
    uniforms?: { readonly type: 'int32' | 'uint32' | 'float32'; readonly data: number[] }[],
  ): TensorInfo
}

/** Floats that a thread takes at once. */
export type Width = 1 | 4

export interface Input {
  readonly name: string
  readonly info: TensorInfo
  readonly width: 1 | 2 | 4
}

export interface Uniform {
  readonly name: string
  readonly type: 'i32' | 'u32' | 'f32'
  readonly value: number
}
const typeNames = { i32: 'int32', u32: 'uint32', f32: 'float32' } as const

export interface Program {
  readonly inputs: readonly Input[]
  readonly uniforms: readonly Uniform[]
  /** Floats that an element of the output holds, and how many floats it has in all. */
  readonly width: 1 | 2 | 4
  readonly size: number
  readonly workgroup: number
  readonly workgroups: number
  /** Declares `fn main(index : i32)`, called with the number of the thread. */
  readonly code: string
}

/** tfjs appends to a program's key: a short one serves better than the code. */
const keys = new Map<string, number>()

/** Arrays lie flat: the shaders address them, and tfjs makes no pipeline for each rank. */
export function run(backend: WebgpuBackend, program: Program): TensorInfo {
  const { inputs, uniforms, width, size, workgroup, workgroups, code } = program
  if (!keys.has(code)) keys.set(code, keys.size)
  const data = {
    variableNames: inputs.map(({ name }) => name),
    variableComponents: inputs.map((input) => input.width),
    outputShape: [size],
    outputComponent: width,
    workgroupSize: [workgroup, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [workgroups, 1, 1],
    uniforms: uniforms.map(({ name, type }) => `${name} : ${type}, `).join(''),
    shaderKey: `normlab${keys.get(code)}_${inputs.map((input) => input.width).join('')}${width}`,
    getUserCode: () => code,
  }
  const infos = inputs.map(({ info: { dataId, shape, dtype } }) => ({
    dataId,
    dtype,
    shape: [shape.reduce((a, b) => a * b, 1)],
  }))
  return backend.runWebGPUProgram(
    data,
    infos,
    'float32',
    uniforms.map(({ type, value }) => ({ type: typeNames[type], data: [value] })),
  )
}

export const withShape = ({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo => ({
  dataId,
  dtype,
  shape: [...shape],
})

const THREADS = 128

/**
 * One thread for each `width` floats of the output. The code sets `result[index]`.
 * @param units how many of them there are.
 */
export function runElementwise(
  backend: WebgpuBackend,
  inputs: readonly Input[],
  {
    width,
    units,
    code,
    uniforms = [],
    threads = units,
  }: {
    width: 1 | 2 | 4
    units: number
    code: string
    uniforms?: readonly Uniform[]
    /** Where a thread does several. */
    threads?: number
  },
): TensorInfo {
  return run(backend, {
    inputs,
    uniforms: [{ name: 'units', type: 'i32', value: threads }, ...uniforms],
    width,
    size: units * width,
    workgroup: THREADS,
    workgroups: Math.ceil(threads / THREADS),
    code: `
fn main(index : i32) {
  if (index >= uniforms.units) { return; }
  ${code}
}`,
  })
}
