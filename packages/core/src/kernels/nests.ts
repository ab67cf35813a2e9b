/** Every nest that a plan may be walked as. Who makes a record that is more than plain brings them: see `serveAll`. */
import { offsetsWhere } from '../offsets.ts'
import { stridesOf, type PlanDim } from '../plan.ts'
import { columnNestOf } from './columnNest.ts'
import { vectorsOf, type RowNest, type Walked } from './nest.ts'
import { countOf, cut, sizesOf, type Laid, type Layout } from './params.ts'

/** One entry a dim: whether gamma or beta varies along it. */
interface Varied extends Layout {
  readonly varies: readonly boolean[]
}

/**
 * The layout that holds gamma and beta both. Along the trailing reduced dims it may only read "vary, then not", or either
 * alone: it varies along all dims but the last that do not.
 */
function layoutOf(dims: readonly PlanDim[], laid: readonly (Laid | undefined)[]): Varied {
  const alongs = dims.map((_, i) => laid.some((param) => param?.strides[i]))
  const [head, run] = cut(dims, (dim) => !dim.kept)
  const [front] = cut(run, (dim) => !alongs[dims.indexOf(dim)])
  const varies = alongs.fill(true, head.length, head.length + front.length)
  const strides = stridesOf(sizesOf(dims), (i) => varies[i])
  return { varies, strides, length: countOf(dims.filter((_, i) => varies[i])) }
}

/** What nests are made from: the dims split where the trailing reduced ones begin, and tables over some of the others. */
export interface Ground {
  readonly head: readonly PlanDim[]
  readonly run: readonly PlanDim[]
  /** Whether gamma or beta varies along a dim. */
  varies(dim: PlanDim): boolean
  /** See `Common`. */
  cellTable(chosen: readonly PlanDim[]): Int32Array | null
  paramTable(chosen: readonly PlanDim[]): Int32Array | null
  /** Entries of the layout of gamma and beta. */
  readonly params: number
  readonly rowsFit: boolean
}

function groundOf(dims: readonly PlanDim[], { varies, strides, length }: Varied): Ground {
  const cell = stridesOf(sizesOf(dims), (i) => dims[i].kept)
  const table = (chosen: readonly PlanDim[], steps: readonly number[]): Int32Array =>
    offsetsWhere(dims, (dim) => chosen.includes(dim), steps)
  const [head, run] = cut(dims, (dim) => !dim.kept)
  const alongParams = (dim: PlanDim) => varies[dims.indexOf(dim)]
  return {
    head,
    run,
    varies: alongParams,
    cellTable: (chosen) => (chosen.every((dim) => dim.kept) ? null : table(chosen, cell)),
    paramTable: (chosen) => (chosen.some(alongParams) ? table(chosen, strides) : null),
    params: length,
    rowsFit: countOf(run) > 1 || head.every((dim) => dim.kept),
  }
}

/** @returns null where there is no nest: the kernels then serve the call without its parameters, or the scalar ones do. */
export function nestOf(
  dims: readonly PlanDim[],
  laid: readonly (Laid | undefined)[],
  plain: boolean,
): Walked | null {
  const layout = layoutOf(dims, laid)
  const ground = groundOf(dims, layout)
  const { head, run, varies, rowsFit } = ground
  const columns = columnNestOf(ground)
  if (columns) return { layout, nest: columns }
  if (!rowsFit) return null
  const [front, tail] = cut(run, (dim) => !varies(dim))
  if (run.length && !tail.length) return vectorsOf(dims, laid, plain)
  const rows: RowNest = {
    kind: 'rows',
    pieces: countOf(head),
    cellAt: ground.cellTable(head),
    paramAt: ground.paramTable(head),
    parts: countOf(front),
    size: countOf(tail),
    step: front.length ? 1 : 0,
  }
  // Without parameters the faster kernels of `vectors` serve as well, where each row is a cell.
  return (layout.length < 2 && vectorsOf(dims, laid, plain)) || { layout, nest: rows }
}
