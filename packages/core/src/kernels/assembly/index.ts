export { rowForward, rowMoments, rowNormalize } from './rows'
export { merge } from './merge'
export { columnCoefficients, columnMoments, columnNormalize, columnShifts, columnSums } from './columns'
export {
  columnBackCoefficients,
  columnBackShifts,
  columnBackSums,
  columnBackTotals,
  columnGradients,
} from './columnsBack'
export { rowBackward, rowFlush, rowGradients, rowSums } from './rowsBack'
export { dropout } from './dropout'
