/**
 * Rewrites what is derived from other files: the indexes of packages/core/src/variants; the kernels' bytes, which are
 * compiled only where their sources have changed; the cell of each variant's page; and what the cells of docs/ print, where
 * a cell has changed.
 * `--check` writes nothing and exits 1 when something is stale.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { generateKernels } from '../packages/core/scripts/kernels.ts'
import { refresh } from './cells/record.ts'
import { generateVariantCells } from './variantCells.ts'
import { recordIndex, variantIndex } from './variantIndex.ts'

const variants = new URL('../packages/core/src/variants/', import.meta.url)
const check = process.argv.includes('--check')

const files = await readdir(variants)
for (const [name, wanted] of [
  ['packages/core/src/variants/index.ts', variantIndex(files)],
  ['packages/core/src/records/index.ts', recordIndex(files)],
]) {
  const file = new URL(`../${name}`, import.meta.url)
  if (wanted === (await readFile(file, 'utf8').catch(() => ''))) console.log(`${name} is up to date`)
  else if (check) {
    console.error(`${name} is stale: a file was added to or removed from variants/. Run: pnpm generate`)
    process.exitCode = 1
  } else {
    await writeFile(file, wanted)
    console.log(`${name} is rewritten`)
  }
}

const stale = await generateKernels({ check })
if (!stale) console.log("the kernels' bytes are up to date")
else if (check) {
  console.error("the kernels' bytes are stale: kernels/assembly has changed. Run: pnpm generate")
  process.exitCode = 1
} else console.log("the kernels' bytes are rewritten")

const cells = await generateVariantCells({ check })
if (cells.length === 0) console.log("the variants' cells are up to date")
else if (check) {
  console.error(`docs/variants/cells: ${cells.join(', ')} stale: a record has changed. Run: pnpm generate`)
  process.exitCode = 1
} else console.log(`docs/variants/cells: ${cells.join(', ')} rewritten`)

if (await refresh(check)) console.log('what the cells print is up to date')
else process.exitCode = 1
