import { createReadStream } from 'node:fs'
import { cp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildLibrary } from '@normlab/cell/build'
import { cellCss } from '@normlab/cell/host'
import type { AstroIntegration } from 'astro'
import type { Plugin } from 'vite'
import { autoImport } from './autoImport.ts'
import { library } from './modules.ts'

const folder = fileURLToPath(new URL('../../.cache/cells', import.meta.url))
const types: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
}

/** The cells' style as a file that components import, so that a page has it once. */
function style(): Plugin {
  const name = 'virtual:normlab-cell.css'
  return {
    name: 'normlab-cell-style',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? cellCss : undefined),
  }
}

/** Builds what runs cells into /cells/, and tells the pages its address: import.meta.env.CELL_LIBRARY and CELL_SCRIPT. */
export function cells(): AstroIntegration {
  return {
    name: 'normlab-cells',
    hooks: {
      'astro:config:setup': async ({ command, updateConfig }) => {
        const plugins = [autoImport(), style()]
        if (command !== 'build' && command !== 'dev') return void updateConfig({ vite: { plugins } })
        await rm(folder, { recursive: true, force: true })
        const { file } = await buildLibrary(library(folder))
        const script = await readFile(join(folder, 'norm-cell.js'))
        const hash = createHash('sha256').update(script).digest('hex').slice(0, 10)
        updateConfig({
          vite: {
            plugins,
            define: {
              'import.meta.env.CELL_LIBRARY': JSON.stringify(`/cells/${file}`),
              'import.meta.env.CELL_SCRIPT': JSON.stringify(`/cells/norm-cell.js?${hash}`),
            },
          },
        })
      },
      'astro:server:setup': async ({ server }) => {
        const known = new Set(await readdir(folder))
        server.middlewares.use('/cells', (request, response, next) => {
          const name = (request.url ?? '').slice(1).split('?')[0]!
          if (!known.has(name)) return next()
          response.setHeader('Content-Type', types[name.split('.').at(-1)!] ?? 'text/plain')
          createReadStream(join(folder, name)).pipe(response)
        })
      },
      'astro:build:done': async ({ dir }) => {
        if ((await stat(folder)).isDirectory())
          await cp(folder, join(fileURLToPath(dir), 'cells'), { recursive: true })
      },
    },
  }
}
