import { strip } from '@normlab/cell/build'

/** `../data.ts` in docs/shift/cells/watch.ts is docs/shift/data.ts: its name in the library. */
export const nameOfFile = (specifier: string, cell: string): string =>
  new URL(specifier, `file:///${cell}`).pathname.slice(1)

/** What a cell's element needs to run it, but for the library's address and the parameters. */
export function dataOf(file: string, text: string) {
  const source = text.trimEnd()
  const compiled = strip(source)
  const own = compiled.imports.map(([, , name]) => name).filter((name) => name.startsWith('.'))
  return { source, compiled, files: Object.fromEntries(own.map((name) => [name, nameOfFile(name, file)])) }
}
