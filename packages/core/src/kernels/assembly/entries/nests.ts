export { columnCoefficients, columnDraw, columnMoments, columnSums } from '../columns'
export { columnBackCoefficients, columnBackTotals, deepSums } from '../columnsBack'
export { rowForward } from '../rows'
export { rowBackward } from '../rowsBack'
