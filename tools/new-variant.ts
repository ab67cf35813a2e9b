/** `pnpm new-variant NAME [--noise]`: one file under variants/ that runs as it stands, and the index with it. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { variantTemplate } from './variantIndex.ts'

const usage = 'usage: pnpm new-variant NAME [--noise]   (NAME in camel case: powerNorm)'

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

function readArguments(): { name: string; noise: boolean } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { noise: { type: 'boolean', default: false } },
    })
    const names = positionals.filter((word) => word !== '--')
    if (names.length !== 1) return fail(usage)
    return { name: names[0], noise: values.noise }
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`)
  }
}

const { name, noise } = readArguments()
if (!/^[a-z][A-Za-z0-9]*$/.test(name)) fail(`${name}: give the name in camel case, such as powerNorm`)
const path = `packages/core/src/variants/${name}.ts`
await writeFile(new URL(`../${path}`, import.meta.url), variantTemplate(name, noise ? 'noise' : 'norm'), {
  flag: 'wx',
}).catch((error: NodeJS.ErrnoException) =>
  fail(error.code === 'EEXIST' ? `${path} is there already` : error.message),
)
await import('./generate.ts')
console.log(`${path} is made. Write the paper's formula into it, then: npm test`)
