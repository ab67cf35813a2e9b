export {
  columnBackCoefficients,
  columnBackShifts,
  columnBackSums,
  columnBackTotals,
  columnGradients,
} from '../columnsBack'
