/**
 * Rewrites what is derived from the files under packages/core/src/variants: the index that exports them.
 * `--check` writes nothing and exits 1 when the index is stale.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { variantIndex } from './variantIndex.ts'

const folder = new URL('../packages/core/src/variants/', import.meta.url)
const file = new URL('index.ts', folder)
const name = 'packages/core/src/variants/index.ts'

const wanted = variantIndex(await readdir(folder))
if (wanted === (await readFile(file, 'utf8').catch(() => ''))) console.log(`${name} is up to date`)
else if (process.argv.includes('--check')) {
  console.error(`${name} is stale: a file was added to or removed from its folder. Run: pnpm generate`)
  process.exitCode = 1
} else {
  await writeFile(file, wanted)
  console.log(`${name} is rewritten`)
}
