/** Cells as files, for the build's configuration, which runs before there is a page. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strip } from '@normlab/cell/build'

export const root = fileURLToPath(new URL('../../../..', import.meta.url))

export const cellFiles = (): string[] =>
  globSync('docs/*/cells/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'))

/** `../data.ts` in docs/shift/cells/watch.ts is docs/shift/data.ts: its name in the library. */
export const nameOfFile = (specifier: string, cell: string): string =>
  new URL(specifier, `file:///${cell}`).pathname.slice(1)

/** Files of pages that their cells import. */
export function pageFiles(): string[] {
  const named = cellFiles().flatMap((cell) =>
    strip(readFileSync(join(root, cell), 'utf8'))
      .imports.filter(([, , name]) => name.startsWith('.'))
      .map(([, , name]) => nameOfFile(name, cell)),
  )
  return [...new Set(named)]
}
