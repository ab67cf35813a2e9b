export { rowForward, rowMoments, rowNormalize } from './rows'
export { merge } from './merge'
export { columnCoefficients, columnMoments, columnNormalize, columnShifts, columnSums } from './columns'
