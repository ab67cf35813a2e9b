export { columnCoefficients, columnMoments, columnNormalize, columnShifts, columnSums } from '../columns'
export { merge } from '../merge'
export { deepNormalize } from '../deep'
