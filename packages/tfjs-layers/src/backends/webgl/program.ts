/** Programs for tfjs's webgl backend, as plain data: its package need not be there. */
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

/** The part of tfjs's MathBackendWebGL that is used. */
export interface WebglBackend extends KernelBackend {
  compileAndRun(
    program: object,
    inputs: TensorInfo[],
    dtype: DataType,
    uniforms?: number[][],
    /** Leaves a packed output packed, where tfjs was told not to pack. */
    keepPacked?: boolean,
  ): TensorInfo
  packTensor(input: TensorInfo): TensorInfo
  packedReshape(input: TensorInfo, shape: number[]): TensorInfo
  disposeIntermediateTensorInfo(info: TensorInfo): void
  readonly texData: {
    get(dataId: object): { texture: object | null; isPacked: boolean; shape: number[] }
  }
}

/** Name in the shader -> tensor. Of 3 dimensions: a texel holds two rows by two columns of one page. */
export type Inputs = Readonly<Record<string, TensorInfo | undefined>>

export interface Program {
  readonly inputs: Inputs
  /** [pages, rows, columns]: the code calls setOutput(vec4); [size]: setOutput(float). */
  readonly shape: readonly number[]
  readonly uniforms?: readonly {
    readonly name: string
    readonly type: 'int' | 'float' | 'ivec4'
    readonly value: number[]
  }[]
  /** Functions, and main(). `getName(page, row, column)` reads the texel of an input. */
  readonly code: string
}

export function run(backend: WebglBackend, { inputs, shape, uniforms = [], code }: Program): TensorInfo {
  const given = Object.entries(inputs).filter(
    (entry): entry is [string, TensorInfo] => entry[1] !== undefined,
  )
  const program = {
    variableNames: given.map(([name]) => name),
    outputShape: [...shape],
    packedInputs: true,
    packedOutput: shape.length === 3,
    userCode: code,
    customUniforms: uniforms.map(({ name, type }) => ({ name, type })),
  }
  const infos = given.map(([, info]) => info)
  return backend.compileAndRun(
    program,
    infos,
    'float32',
    uniforms.map(({ value }) => value),
    true,
  )
}

export const withShape = ({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo => ({
  dataId,
  dtype,
  shape: [...shape],
})

const isEven = (value: number): boolean => value % 2 === 0

/** True where texels stay what they are: the packed last two dimensions fall alike. */
function packsAlike(from: readonly number[], to: readonly number[]): boolean {
  const [[rows0, columns0], [rows1, columns1]] = [from, to].map((shape) => [
    shape.at(-2) ?? 1,
    shape.at(-1) ?? 1,
  ])
  return columns0 === columns1 && (rows0 === rows1 || (isEven(rows0) && isEven(rows1)))
}

/**
 * A tensor as pages of texels, packed once for all programs of a kernel: they would each pack it for themselves.
 * Those that were made are pushed to `made`.
 */
export function paged(
  backend: WebglBackend,
  info: TensorInfo,
  shape: readonly number[],
  made: TensorInfo[],
): TensorInfo {
  const { texture, isPacked, shape: own } = backend.texData.get(info.dataId)
  const asPages = withShape(info, shape)
  // Values that are not on the GPU yet are uploaded as the shape says.
  if (!texture || (isPacked && packsAlike(own, shape))) return asPages
  const packed = isPacked
    ? backend.packedReshape(withShape(info, own), [...shape])
    : backend.packTensor(asPages)
  made.push(packed)
  return packed
}
