/** `pnpm conformance FILE...`: runs case files against core. Exits 1 on a failure, 2 when a file cannot be read. */
import { readFile } from 'node:fs/promises'
import { runFile, type ConformanceCase } from '@normlab/core/testing'

const files = process.argv.slice(2).filter((argument) => argument !== '--')
if (files.length === 0) {
  console.error('usage: pnpm conformance FILE...   (JSON of the form { "cases": [...] })')
  process.exit(2)
}
const counts = { passed: 0, failed: 0, skipped: 0 }
for (const file of files) {
  const content = await readCases(file)
  const skipped = new Map<string, number>()
  for (const { name, op, status, why } of runFile(content)) {
    counts[status]++
    if (status === 'failed') console.log(`FAILED ${file} ${op} ${name}: ${why}`)
    if (status === 'skipped')
      skipped.set(why === 'superseded' ? `${name}: superseded` : why!, (skipped.get(why!) ?? 0) + 1)
  }
  for (const [why, count] of skipped)
    console.log(`skipped ${file}: ${why}${why.endsWith('superseded') ? '' : ` (${count})`}`)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0

async function readCases(file: string): Promise<{ cases: ConformanceCase[] }> {
  try {
    const content = JSON.parse(await readFile(file, 'utf8')) as { cases?: ConformanceCase[] }
    if (!Array.isArray(content.cases)) throw new Error('it has no list "cases"')
    return { cases: content.cases }
  } catch (error) {
    console.error(`${file}: ${(error as Error).message}`)
    process.exit(2)
  }
}
