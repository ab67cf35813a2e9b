import type { RunConfig } from '@normlab/docs/shift/experiment/config.ts'
import type { Dataset } from '@normlab/docs/shift/experiment/data.ts'
import type { Frame } from '@normlab/docs/shift/experiment/train.ts'

export interface StartMessage {
  readonly run: RunConfig
  /** Given for data: 'csv' alone. */
  readonly csv?: Dataset
}

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string }
