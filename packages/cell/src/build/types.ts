/** The declarations of everything that a cell may import, for the checker in the sandbox. */
import { basename, join } from 'node:path'
import type * as TypeScript from 'typescript'
import type { Declarations } from '../sandbox/diagnose.ts'

const LIBRARIES = ['lib.es2024.d.ts', 'lib.webworker.d.ts']

/** Reads what the modules' types are made of, comments left out. @param root Where the modules resolve. */
export function gatherTypes(
  ts: typeof TypeScript,
  root: string,
  modules: Readonly<Record<string, string>>,
): Declarations {
  const options: TypeScript.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
    lib: LIBRARIES,
  }
  const host = ts.createCompilerHost(options)
  const entry = join(root, '__cells.ts')
  const resolved = (name: string, from: string) =>
    ts.resolveModuleName(name, from, options, host).resolvedModule?.resolvedFileName
  const found = Object.entries(modules).map(
    ([name, module]) => [name, resolved(module, entry) ?? module] as const,
  )
  const program = ts.createProgram(
    found.map(([, file]) => file),
    options,
    host,
  )

  const short = new Map<string, string>()
  program.getSourceFiles().forEach(({ fileName }, i) => {
    const library = /^lib\..*d\.ts$/.test(basename(fileName)) && fileName.includes('/typescript/lib/')
    short.set(
      fileName,
      library ? `/${basename(fileName)}` : `/${i}${fileName.endsWith('.d.ts') ? '.d.ts' : '.ts'}`,
    )
  })
  const printer = ts.createPrinter({ removeComments: true })
  const files: Record<string, string> = {}
  const links: Record<string, Record<string, string>> = {}
  for (const source of program.getSourceFiles()) {
    const name = short.get(source.fileName)!
    const directives = source.text.match(/^\/\/\/ <reference lib=.*$/gm) ?? []
    files[name] = [...directives, printer.printFile(source)].join('\n')
    const targets = ts
      .preProcessFile(source.text)
      .importedFiles.map(({ fileName }) => [fileName, short.get(resolved(fileName, source.fileName) ?? '')])
    if (targets.length) links[name] = Object.fromEntries(targets.filter(([, target]) => target))
  }
  const entries = Object.fromEntries(found.map(([name, file]) => [name, short.get(file)!]))
  return { libraries: LIBRARIES.map((name) => `/${name}`), files, links, entries }
}
