import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recording } from '@normlab/cell/host'
import { differences } from './compare.ts'
import { hashOf, orphans, outputFile, recorded, root, sourceOf, stale } from './files.ts'

/** Runs cells and writes what they gave beside them. What differs within the tolerance alone is left as it is. */
export async function record(cells: readonly string[]): Promise<boolean> {
  // Not before it is needed: a check on a fresh clone has no packages built.
  const { runCell } = await import('./run.ts')
  let good = true
  for (const cell of cells) {
    try {
      const { seconds, run } = await runCell(cell)
      const source = hashOf(sourceOf(cell))
      const before = recorded(cell)
      const same = before && differences(before, run).length === 0
      const kept: Recording = same ? { ...before, source } : { source, ...run }
      writeFileSync(join(root, outputFile(cell)), `${JSON.stringify(kept, null, 1)}\n`)
      console.log(`${cell}: ${same ? 'the same' : 'recorded'} (${seconds.toFixed(1)} s)`)
    } catch (error) {
      good = false
      console.error(`${cell}: ${(error as Error).stack}`)
    }
  }
  return good
}

/** For `pnpm generate`: the cells that changed, and the recordings of cells that are gone. */
export async function refresh(check: boolean): Promise<boolean> {
  const [old, gone] = [stale(), orphans()]
  if (!check) {
    for (const file of gone) rmSync(join(root, file))
    return record(old)
  }
  for (const cell of old)
    console.error(`${outputFile(cell)} is missing or of an older source. Run: pnpm generate`)
  for (const file of gone) console.error(`${file} has lost its cell. Run: pnpm generate`)
  return old.length + gone.length === 0
}
