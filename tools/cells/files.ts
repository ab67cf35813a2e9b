import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recording } from '@normlab/cell/host'

export const root = join(import.meta.dirname, '../..')

/** Every cell: docs/<page>/cells/<name>.ts. */
export const cellFiles = (): string[] =>
  globSync('docs/*/cells/*.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()

export const outputFile = (cell: string): string => cell.replace(/\.ts$/, '.output.json')

export const sourceOf = (cell: string): string => readFileSync(join(root, cell), 'utf8')

export const hashOf = (source: string): string =>
  createHash('sha256').update(source).digest('hex').slice(0, 16)

/** What is recorded of a cell, or undefined where nothing is. */
export function recorded(cell: string): Recording | undefined {
  try {
    return JSON.parse(readFileSync(join(root, outputFile(cell)), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Recordings whose cell is gone. */
export const orphans = (): string[] =>
  globSync('docs/*/cells/*.output.json', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !cellFiles().includes(file.replace('.output.json', '.ts')))

/** The cells whose recording is missing or of another source. */
export const stale = (): string[] =>
  cellFiles().filter((cell) => recorded(cell)?.source !== hashOf(sourceOf(cell)))
