import type { LayerJob, Side } from './jobs.ts'

/** One side of one job, or of a model. */
export type Order = { readonly side: Side } & (
  | { readonly job: LayerJob }
  | { readonly model: string; readonly backend: string }
)
