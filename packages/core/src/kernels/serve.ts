/** Brings the kernels of every nest: an import of a plain norm goes without. */
import { apart } from './apart.ts'
import { nests as bytes } from './bytes.ts'
import { columnsForward } from './columns.ts'
import { columnsBackward } from './columnsBack.ts'
import { drivers } from './drivers.ts'
import { nestOf } from './nests.ts'
import { rowsForward } from './rows.ts'
import { rowsBackward } from './rowsBack.ts'

/** From now on any plan runs on kernels, with parameters that vary along anything. */
export function serveAll(): void {
  if (drivers.nestOf) return
  Object.assign(drivers, {
    rows: { bytes, forward: rowsForward, backward: rowsBackward },
    columns: { bytes, forward: columnsForward, backward: columnsBackward },
    nestOf,
    apart,
  })
}
