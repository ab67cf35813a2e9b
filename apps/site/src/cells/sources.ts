/** Cells as files, for the build's configuration, which runs before there is a page. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataOf } from './data.ts'

export const root = fileURLToPath(new URL('../../../..', import.meta.url))

export const cellFiles = (): string[] =>
  globSync('docs/*/cells/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'))

/** Files of pages that their cells import. */
export function pageFiles(): string[] {
  const named = cellFiles().flatMap((cell) =>
    Object.values(dataOf(cell, readFileSync(join(root, cell), 'utf8')).files),
  )
  return [...new Set(named)]
}
