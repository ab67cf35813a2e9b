/** Where threads that take one or four floats of x find statistics and parameters. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Dialect, Names } from '../gpu/formula.ts'
import { mapIndex, type Geometry } from '../gpu/geometry.ts'
import type { ParamName } from '../../kernels/cells.ts'
import type { Input, Width } from './program.ts'

type Of = 'x' | 'cell' | ParamName

/** x in units of `width` neighbours. */
export interface Lay {
  readonly geometry: Geometry
  readonly width: Width
  /** Type of a value. */
  readonly type: 'f32' | 'vec4<f32>'
  readonly sizes: readonly number[]
  /** True when it varies among the neighbours. */
  readonly varies: (of: Of) => boolean
  /** Index of an array's element for element `index` of x's dimensions `dims` (all: an element of x). */
  readonly at: (of: Of, index: string, dims?: readonly number[]) => string
}

export const widest = ({ sizes }: Geometry): Width => (sizes.at(-1)! % 4 === 0 ? 4 : 1)

export function layOf(geometry: Geometry, width: Width): Lay {
  const { params } = geometry
  const last = geometry.sizes.length - 1
  const sizes = geometry.sizes.map((size, i) => (i === last ? size / width : size))
  const strides = {
    x: geometry.strides,
    cell: geometry.cellStrides,
    gamma: params.gamma?.strides ?? [],
    beta: params.beta?.strides ?? [],
  }
  const varies = (of: Of): boolean => width > 1 && strides[of][last] > 0
  // Parameters are read four at once where they vary; statistics one by one.
  const inUnits = (of: Of): number[] =>
    strides[of].map((stride, i) => {
      const whole = of === 'cell' || !varies(of)
      return i === last ? (whole ? stride * width : stride) : whole ? stride : stride / width
    })
  const all = sizes.map((_, i) => i)
  return {
    geometry,
    width,
    type: width === 1 ? 'f32' : 'vec4<f32>',
    sizes,
    varies,
    at: (of, index, dims = all) => mapIndex(index, dims, sizes, inUnits(of)),
  }
}

export const dialect = (type: string): Dialect => ({
  declare: 'let',
  type,
  isZero: (value) => `${value} == ${type}(0.0)`,
})

export const input = (name: string, info: TensorInfo, width: Input['width']): Input => ({ name, info, width })

export function paramInput(lay: Lay, name: ParamName, info: TensorInfo | undefined): Input[] {
  return info ? [input(name, info, lay.varies(name) ? 4 : 1)] : []
}

/** Statement that reads a record of each cell, and the names of its fields. */
export function readCells(
  lay: Lay,
  array: string,
  cell: string,
  fields: 2 | 4,
): { readonly code: string; readonly field: (i: number) => string } {
  const name = `${array}Here`
  if (!lay.varies('cell'))
    return { code: `let ${name} = ${array}[${cell}];`, field: (i) => `${name}.${'xyzw'[i]}` }
  const columns = [0, 1, 2, 3].map((i) => `${array}[${cell} + ${i}]`)
  return {
    code: `let ${name} = transpose(mat4x${fields}<f32>(${columns.join(', ')}));`,
    field: (i) => `${name}[${i}]`,
  }
}

/** The record `stats` holds: what normalizes a cell. */
export function readStats(
  lay: Lay,
  cell: string,
): { readonly code: string; readonly names: Names & { readonly variance: string } } {
  const { code, field } = readCells(lay, 'stats', cell, 4)
  return { code, names: { shift: field(0), rest: field(1), variance: field(2), rstd: field(3) } }
}
