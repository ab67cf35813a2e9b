import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`

/** Scripts that stand in a page, data among them left out: a browser does not run it. */
const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes]) => !/type="application\/(ld\+)?json"/.test(attributes!))
    .map(([, , script]) => script!)

/**
 * A page's policy: its own site alone. Scripts that stand in the page are named by hash. Kernels are WebAssembly; figures that a
 * reader's code has drawn are images from data; highlighting and figures carry their style in attributes.
 */
export function policyOf(html: string): string {
  const hashes = [...new Set(inlineScripts(html))].map(hashOf)
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

/** Writes its policy into every page, as a meta element: it holds on any static host. The sandbox has one of its own. */
export function policy(): AstroIntegration {
  return {
    name: 'policy',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir)
        const files = (await readdir(folder, { recursive: true })).filter(
          (file) => file.endsWith('.html') && !/^cells[\\/]/.test(file),
        )
        for (const file of files) {
          const html = await readFile(`${folder}/${file}`, 'utf8')
          const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}">`
          // First in the head: it holds for what comes after it.
          await writeFile(`${folder}/${file}`, html.replace('<head>', `<head>${meta}`))
        }
      },
    },
  }
}
