export { vectorForward } from '../vectors'
export { vectorBackward } from '../vectorsBack'
