/** What every record of core gets as a layer, checked for each of them on one backend. */
import type { AnyNorm, Noise } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import { factoryName, layerName } from '../src/names.ts'
import { layers } from '../src/index.ts'
import { layered, norms, ofWeights } from './fixtures.ts'
import { forwardSuite } from './forwardSuite.ts'
import type { Extent } from './layouts.ts'
import { modelSuite } from './modelSuite.ts'
import { noiseSuite } from './noiseSuite.ts'
import { maskSuite, runningSuite } from './runningSuite.ts'

export function recordSuite(extent: (record: AnyNorm | Noise) => Extent): void {
  test('every record of core has a layer', () => {
    expect(Object.keys(layers).toSorted()).toEqual(
      [...layered, ...ofWeights].map((record) => factoryName(layerName(record.name))).toSorted(),
    )
    for (const name of ['batch', 'layer', 'group', 'instance', 'rms'])
      expect(Object.keys(layers)).toContain(`${name}Normalization`)
  })

  forwardSuite(extent)
  noiseSuite(extent)
  modelSuite(extent)

  const kept = norms.filter((record) => extent(record).steps > 0)
  describe.each(kept.filter(({ running }) => running).map((record) => [record.name, record] as const))(
    '%s: moving statistics',
    (_, record) => {
      runningSuite(record)
    },
  )
  describe.each(kept.filter(({ weights }) => weights).map((record) => [record.name, record] as const))(
    '%s: masks',
    (_, record) => {
      maskSuite(record)
    },
  )
}
