/** Type errors of a cell, found in the sandbox on demand. TypeScript is handed in: this file loads with none of it. */
import type * as TypeScript from 'typescript'
import type { Failure } from './protocol.ts'

export interface Declarations {
  readonly libraries: readonly string[]
  /** Name -> text. */
  readonly files: Readonly<Record<string, string>>
  /** File -> what it imports -> file. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Name that a cell may import -> file. */
  readonly entries: Readonly<Record<string, string>>
}

const CELL = '/cell.ts'
const MOST = 50

/** @param names Files of the page by the names that the cell uses for them. */
export function diagnose(
  ts: typeof TypeScript,
  { files, links, entries, libraries }: Declarations,
  source: string,
  names: Readonly<Record<string, string>>,
): Failure[] {
  const target = ts.ScriptTarget.ES2024
  const options: TypeScript.CompilerOptions = {
    target,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: [...libraries],
  }
  const textOf = (name: string) => (name === CELL ? source : files[name])
  const resolve = (name: string, from: string) =>
    from === CELL ? entries[Object.hasOwn(names, name) ? names[name] : name] : links[from]?.[name]
  const host: TypeScript.CompilerHost = {
    getSourceFile: (name) => {
      const text = textOf(name)
      return text === undefined ? undefined : ts.createSourceFile(name, text, target)
    },
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        const file = resolve(text, from)
        const extension = file?.endsWith('.d.ts') ? ts.Extension.Dts : ts.Extension.Ts
        return {
          resolvedModule: file
            ? { resolvedFileName: file, extension, isExternalLibraryImport: false }
            : undefined,
        }
      }),
    resolveTypeReferenceDirectiveReferences: (references) =>
      references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
    getDefaultLibFileName: () => libraries[0],
    getDefaultLibLocation: () => '/',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => textOf(name) !== undefined,
    readFile: textOf,
    writeFile: () => undefined,
  }
  const program = ts.createProgram([CELL], options, host)
  const cell = program.getSourceFile(CELL)!
  const all = [...program.getSyntacticDiagnostics(cell), ...program.getSemanticDiagnostics(cell)]
  return all.slice(0, MOST).map(({ messageText, start = 0, code }) => {
    const { line, character } = cell.getLineAndCharacterOfPosition(start)
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    return { name: `TypeScript ${code}`, message, place: { line: line + 1, column: character + 1 } }
  })
}
