import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as TypeScript from 'typescript'
import { own, vite } from './bundle.ts'
import type { LibraryOptions } from './library.ts'
import { gatherTypes } from './types.ts'

/** TypeScript and the declarations of the modules in one file: 1.3 MB gzipped, for those who press Check. */
export async function bundleChecker({ root, modules }: LibraryOptions, from: string): Promise<string> {
  const path = createRequire(join(from, 'index.js')).resolve('typescript')
  const ts = createRequire(import.meta.url)(path) as typeof TypeScript
  // A module that is given as text stands for the package of its name.
  const typed = Object.entries(modules).map(([name, entry]) => [
    name,
    typeof entry === 'string' ? entry : name,
  ])
  const declarations = JSON.stringify(gatherTypes(ts, root, Object.fromEntries(typed)))
  const id = '\0normlab-cell-checker'
  const code = `import ts from ${JSON.stringify(path)}
import { diagnose } from ${JSON.stringify(own('sandbox/diagnose'))}
const declarations = JSON.parse(${JSON.stringify(declarations)})
export default (source, names) => diagnose(ts, declarations, source, names)`
  const [chunk] = await vite({
    root,
    logLevel: 'error', // it asks for Node's modules, where there are some
    plugins: [
      {
        name: 'normlab-cell-checker',
        enforce: 'pre',
        resolveId: (name) => (name === id ? id : undefined),
        load: (name) => (name === id ? code : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { checker: id },
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
  })
  return chunk.code
}
