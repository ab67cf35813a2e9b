export { columnCoefficients, columnMoments, columnNormalize, columnShifts, columnSums } from '../columns'
export {
  columnBackCoefficients,
  columnBackShifts,
  columnBackSums,
  columnBackTotals,
  columnGradients,
} from '../columnsBack'
export { deepGradients, deepNormalize, deepSums } from '../deep'
export { merge } from '../merge'
export { rowForward, rowMoments, rowNormalize } from '../rows'
export { rowBackward, rowGradients, rowSums } from '../rowsBack'
