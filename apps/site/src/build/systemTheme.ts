import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

/**
 * Starlight writes data-theme="dark" into every page, for its script to change. Without JavaScript that would be the theme:
 * with the attribute gone, the reader's system decides.
 */
export function systemTheme(): AstroIntegration {
  return {
    name: 'system-theme',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir)
        const pages = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html'))
        await Promise.all(
          pages.map(async (page) => {
            const html = await readFile(`${folder}/${page}`, 'utf8')
            await writeFile(`${folder}/${page}`, html.replace(/(<html[^>]*?) data-theme="dark"/, '$1'))
          }),
        )
      },
    },
  }
}
