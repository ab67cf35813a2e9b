/** Every nest that a plan may be walked as. Who makes a record that is more than plain brings them: see `serveNests`. */
import { offsetsWhere } from '../offsets.ts'
import { stridesOf, type PlanDim } from '../plan.ts'
import { columnNestOf } from './columnNest.ts'
import type { RowNest, Walked } from './nest.ts'
import { countOf, cut, sizesOf, type Laid, type Layout } from './params.ts'

/** One entry a dim: whether gamma or beta varies along it. */
interface Varied extends Layout {
  readonly varies: readonly boolean[]
}

/**
 * The layout that holds gamma and beta both. Along the trailing reduced dims it may only read "vary, then not", "not, then
 * vary", or either alone, and what does not vary must be worth a loop; otherwise it varies along all of them.
 */
function layoutOf(dims: readonly PlanDim[], laid: readonly (Laid | undefined)[]): Varied {
  const varies = dims.map((_, i) => laid.some((param) => param !== undefined && param.strides[i] !== 0))
  const [head, run] = cut(dims, (dim) => !dim.kept)
  const within = varies.slice(head.length)
  const changes = within.filter((one, i) => i > 0 && one !== within[i - 1]).length
  const constant = run.reduce((size, dim, i) => (within[i] ? 1 : size * dim.size), 1)
  if (changes > 1 || (changes === 1 && !within.at(-1) && constant < 8)) varies.fill(true, head.length)
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

/** @returns null where there is no nest: the scalar kernels serve that. */
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
  const vector = run.length > 0 && varies(run.at(-1)!)
  const [front, tail] = cut(run, (dim) => varies(dim) === vector)
  const rows: RowNest = {
    kind: 'rows',
    pieces: countOf(head),
    cellAt: ground.cellTable(head),
    paramAt: ground.paramTable(head),
    parts: countOf(front),
    size: countOf(tail),
    vector,
    step: vector || front.length === 0 ? 0 : 1,
  }
  const fits = plain && vector && front.length === 0 && !rows.cellAt && !rows.paramAt
  return { layout, nest: fits ? { kind: 'vectors', pieces: rows.pieces, size: rows.size } : rows }
}
