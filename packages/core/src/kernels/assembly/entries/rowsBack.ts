export { rowBackward, rowFlush, rowGradients, rowSums } from '../rowsBack'
