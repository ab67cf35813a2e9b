import { columns as forwardBytes } from './bytes/columns.ts'
import { columnsBack as backwardBytes } from './bytes/columnsBack.ts'
import { columnNestOf } from './columnNest.ts'
import { columnsForward } from './columns.ts'
import { columnsBackward } from './columnsBack.ts'
import { drivers } from './drivers.ts'

/** From now on plans that are walked as columns run on kernels too. */
export function serveColumns(): void {
  drivers.columns ??= {
    nest: columnNestOf,
    forwardBytes,
    backwardBytes,
    forward: columnsForward,
    backward: columnsBackward,
  }
}
