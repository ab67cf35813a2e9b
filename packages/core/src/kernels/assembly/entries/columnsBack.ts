export {
  columnBackCoefficients,
  columnBackShifts,
  columnBackSums,
  columnBackTotals,
  columnGradients,
} from '../columnsBack'
export { deepGradients, deepSums } from '../deep'
