/** What is timed: every layer of ours, from its record alone, beside the stock layer of that name where there is one. */
import { NormlabError, type AnyNorm, type Noise } from '@normlab/core'
import { records } from '@normlab/core/records'
import { layerClasses, layers, WeightLayer } from '@normlab/tfjs-layers'
import { layers as stock } from '@tensorflow/tfjs-layers'
import { findTfjsNode } from '../../libtensorflow/cache.ts'

/** `composed` is ours without its kernels: tfjs's own operations with the closed form of the gradient. */
export type Side = 'ours' | 'composed' | 'stock'

export interface LayerJob {
  /** The factory: `layerNormalization`. */
  readonly layer: string
  readonly backend: string
  readonly shape: readonly number[]
  readonly config: Readonly<Record<string, unknown>>
  readonly sides: readonly Side[]
}

/** tensorflow where `pnpm libtensorflow` has built it. */
export const BACKENDS = ['wasm', 'cpu', ...(findTfjsNode() ? ['tensorflow'] : [])]
/** Here what stock has as well is timed: a browser starts for each row. */
export const BROWSER_BACKENDS: readonly string[] = ['webgl', 'webgpu']

const ROWS = [8, 512, 768]
const IMAGES = [32, 56, 56, 64]
/** Where most of the time is in the composition of a forward of its own. */
const SMALL = [8, 14, 14, 32]

export function layerJobs(): LayerJob[] {
  // The two lists go in the same order. Wrappers have the time of what they wrap.
  const factories = Object.keys(layers)
  const jobs = Object.values(layerClasses).flatMap((Class, i) => {
    if (Class.prototype instanceof WeightLayer) return []
    const layer = factories[i]
    const { record, options } = new Class() as { record: AnyNorm | Noise; options: object }
    const [shape, own] = shapeOf(record)
    // The stock layers have defaults of their own, or none.
    const config = { ...options, ...own }
    const sides: Side[] = ['ours', 'composed', ...(layer in stock ? ['stock' as const] : [])]
    const backends = layer in stock ? [...BACKENDS, ...BROWSER_BACKENDS] : BACKENDS
    return backends.map((backend) => ({ layer, backend, shape, config, sides }))
  })
  return jobs.toSorted((a, b) => Number(b.layer in stock) - Number(a.layer in stock))
}

function shapeOf(record: AnyNorm | Noise): [readonly number[], Record<string, unknown>] {
  if (record.kind === 'noise') return [record.apply ? SMALL : [4096, 1024], { seed: 1 }]
  if (record.apply) return [SMALL, fitting(record, SMALL)]
  const perRow = record.stats?.split('->')[1].trim() === 'n s'
  const shape = perRow ? ROWS : IMAGES
  return [shape, fitting(record, shape)]
}

/** The defaults, or the first of the record's cases that fits. */
function fitting(record: AnyNorm, shape: readonly number[]): Record<string, unknown> {
  const cases = Object.values(records).find(({ name }) => name === record.name)?.cases ?? []
  for (const { g, ...values } of [{} as Record<string, number>, ...cases]) {
    const options = { ...values, ...(g === undefined ? {} : { g }) }
    try {
      record.plan(shape, options)
      return { ...values, ...(g === undefined ? {} : { groups: g }) }
    } catch (error) {
      if (!(error instanceof NormlabError)) throw error
    }
  }
  return {}
}
