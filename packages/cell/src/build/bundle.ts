import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InlineConfig, Rollup } from 'vite'

export type Chunk = Rollup.OutputChunk

const here = dirname(fileURLToPath(import.meta.url))
// Of this package's sources in the repository, of its dist where it is installed.
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
export const own = (path: string): string => join(here, '..', `${path}.${extension}`)

export async function vite(config: InlineConfig): Promise<Chunk[]> {
  const { build } = await import('vite')
  const result = await build({ configFile: false, logLevel: 'warn', ...config })
  const outputs = (Array.isArray(result) ? result : [result]) as Rollup.RollupOutput[]
  return outputs.flatMap(({ output }) => output.filter((file): file is Chunk => file.type === 'chunk'))
}

/** One file that runs as a classic script. */
export const script = async (entry: string, define: Record<string, string> = {}): Promise<string> => {
  const [chunk] = await vite({
    define,
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      reportCompressedSize: false,
      lib: { entry: own(entry), formats: ['iife'], name: 'cell' },
    },
  })
  return chunk.code
}
