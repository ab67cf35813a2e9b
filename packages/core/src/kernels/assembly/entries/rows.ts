export { rowForward, rowMoments, rowNormalize } from '../rows'
export { merge } from '../merge'
