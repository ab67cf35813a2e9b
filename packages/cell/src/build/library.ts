/** The folder that runs cells: the packages that they import, the sandbox, and the page's element. Everything in it is static. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHECKER, COMPILER } from '../sandbox/protocol.ts'
import { own, script, vite, type Chunk } from './bundle.ts'
import { bundleChecker } from './checker.ts'
import type { Library } from '../element/library.ts'

export interface LibraryOptions {
  /** Where it is written. */
  readonly folder: string
  /** The project whose node_modules hold the packages. */
  readonly root: string
  /** Name to import -> what to bundle for it: a package, a file, or source text given as `{ code }`. */
  readonly modules: Readonly<Record<string, string | { readonly code: string }>>
  /** Where `typescript` resolves from. With it, Check finds type errors; without, what keeps a cell from running. */
  readonly typescript?: string
  /** Binaries by the name that their package asks for, and the module that needs them. */
  readonly wasm?: Readonly<Record<string, { readonly file: string; readonly for: string }>>
}

/** Names of modules that are given as text, for the bundler. */
const VIRTUAL = '\0normlab-cell:'

const digest = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex').slice(0, 10)

/** Builds the folder. Returns what its `library.json` says, and the hashed name of that file. */
export async function buildLibrary(options: LibraryOptions): Promise<{ file: string; library: Library }> {
  await mkdir(options.folder, { recursive: true })
  const put = (name: string, content: string | Uint8Array) => writeFile(join(options.folder, name), content)
  const [modules, frame, checker] = await Promise.all([
    bundleModules(options),
    bundleFrame(),
    options.typescript ? bundleChecker(options, options.typescript) : undefined,
  ])
  for (const chunk of modules) await put(chunk.fileName, chunk.code)

  const files = Object.fromEntries(
    modules.map(({ fileName, imports, dynamicImports }) => [fileName, [...imports, ...dynamicImports]]),
  )
  const names = Object.fromEntries(
    Object.keys(options.modules)
      .concat(COMPILER)
      .map((name) => [name, modules.find((chunk) => chunk.isEntry && chunk.name === alias(name))!.fileName]),
  )
  if (checker) {
    const name = `checker.${digest(checker)}.mjs`
    await put(name, checker)
    files[name] = []
    names[CHECKER] = name
  }
  const needs: Record<string, Record<string, string>> = {}
  for (const [name, { file, for: module }] of Object.entries(options.wasm ?? {})) {
    const content = await readFile(file)
    const hashed = name.replace(/\.wasm$/, `.${digest(content)}.wasm`)
    await put(hashed, content)
    const holder = modules.find(({ moduleIds }) => moduleIds.includes(VIRTUAL + alias(module)))!
    ;(needs[holder.fileName] ??= {})[name] = hashed
  }
  const runner = `runner.${digest(frame)}.html`
  await put(runner, frame)
  const library: Library = { runner, names, files, needs }
  const text = JSON.stringify(library)
  const file = `library.${digest(text)}.json`
  // Under a name that stays for other sites, under one that does not for pages that were built with it.
  for (const name of ['library.json', file]) await put(name, text)
  await bundleElement(options.folder)
  return { file, library }
}

const alias = (name: string) => name.replaceAll(/[^\w.-]+/g, '-').replace(/^-/, '')

/** One graph for all modules, so that what two of them share is there once: one tfjs. */
async function bundleModules({ root, modules }: LibraryOptions): Promise<Chunk[]> {
  const entries: LibraryOptions['modules'] = { ...modules, [COMPILER]: own('sandbox/compiler') }
  const codes = new Map<string, string>()
  const input = Object.entries(entries).map(([name, entry]) => {
    if (typeof entry === 'string') return [alias(name), entry] as const
    codes.set(VIRTUAL + alias(name), entry.code)
    return [alias(name), VIRTUAL + alias(name)] as const
  })
  const chunks = await vite({
    root,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'normlab-cell-modules',
        enforce: 'pre',
        async resolveId(id, importer) {
          if (codes.has(id)) return id
          if (importer?.startsWith(VIRTUAL)) return this.resolve(id, join(root, 'index.js'))
          // Another module, or a page's file, names a module that is given as text: it gets that.
          return importer && id in entries && codes.has(VIRTUAL + alias(id)) ? VIRTUAL + alias(id) : undefined
        },
        load: (id) => codes.get(id),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 5000,
      rolldownOptions: {
        input: Object.fromEntries(input),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].[hash].mjs', chunkFileNames: '[name].[hash].mjs' },
      },
    },
  })
  return ordered(chunks)
}

/** Imports before importers: blobs can be made in no other order. */
function ordered(chunks: readonly Chunk[]): Chunk[] {
  const done = new Map<string, Chunk>()
  const visit = (chunk: Chunk, above: readonly string[]) => {
    if (done.has(chunk.fileName)) return
    if (above.includes(chunk.fileName)) throw new Error(`Files import each other: ${above.join(' -> ')}`)
    for (const name of [...chunk.imports, ...chunk.dynamicImports])
      visit(
        chunks.find(({ fileName }) => fileName === name)!,
        [...above, chunk.fileName],
      )
    done.set(chunk.fileName, chunk)
  }
  for (const chunk of chunks) visit(chunk, [])
  return [...done.values()]
}

/** A page by itself, whose policy names its one script by hash, blobs, and no host: nothing in it can reach any network. */
async function bundleFrame(): Promise<string> {
  const worker = await script('sandbox/worker')
  const code = (await script('sandbox/frame', { WORKER_SOURCE: JSON.stringify(worker) })).replaceAll(
    '</script',
    '<\\/script',
  )
  const hash = createHash('sha256').update(code).digest('base64')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'`,
    'worker-src blob:',
    'connect-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="robots" content="noindex"><title>Sandbox</title><script>${code}</script></html>\n`
}

/** The element for any page: `norm-cell.js` under this very name, its parts under hashed ones. */
async function bundleElement(folder: string): Promise<void> {
  await vite({
    base: './',
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2023',
      modulePreload: false,
      reportCompressedSize: false,
      minify: true,
      // A library, or Vite adds its own loader of chunks, which every page would pay for.
      lib: { entry: { 'norm-cell': own('element/index') }, formats: ['es'] },
      rolldownOptions: {
        output: { minify: true, entryFileNames: '[name].js', chunkFileNames: 'element-[name].[hash].js' },
      },
    },
  })
}
