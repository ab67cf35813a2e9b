/** Registers `<norm-axes>` and `<norm-ridgeline>`. */
export { AxesElement } from './axes.ts'
export { RidgelineElement } from './ridgeline.ts'
