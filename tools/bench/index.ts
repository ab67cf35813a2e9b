/**
 * `pnpm bench layers [filter] [--json FILE]`: the layers beside stock tf.layers and beside their own composition; see layers/.
 * `pnpm bench core [filter] [--json FILE] [--best] [--only NAME]`: every variant, forward and backward, against plain loops
 * with the same memory traffic in the same run, and against peers. The filter is text that a row's "op pass shape" must contain.
 * `--best` takes the fastest turn in place of the median: for a machine that others use as well. `--only core` leaves
 * out the other candidates: a quarter of the time. `--only 'core simd'` times those two.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { candidatesOf, prime } from './candidate.ts'
import { benchOf, type Row } from './core.ts'
import { benchLayers, stopLayers } from './layers/index.ts'
import type { LayerRow } from './layers/rows.ts'
import { printRow, printTitle } from './table.ts'
import { peerRows } from './peers/index.ts'
import { allJobs } from './shapes.ts'
import { compileLoops } from './traffic.ts'

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    json: { type: 'string' },
    best: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
  allowPositionals: true,
})
const [what, filter = ''] = positionals
if (what !== 'core' && what !== 'layers') {
  console.error('usage: pnpm bench core|layers [filter] [--json FILE] [--best] [--only NAME]')
  process.exit(2)
}

let rows: readonly (Row | LayerRow)[] = []
const save = (): void => {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`)
}
process.on('SIGINT', () => {
  stopLayers()
  save()
  console.log('\nstopped')
  process.exit(130)
})

if (what === 'layers') {
  const found = await benchLayers(filter, (made) => {
    rows = made
    save()
  })
  if (!found) console.error(`no row contains "${filter}"`)
  process.exit(found ? 0 : 2)
}

const jobs = allJobs().filter(({ op, pass, shape }) => `${op} ${pass} ${shape.join('x')}`.includes(filter))
if (jobs.length === 0) {
  console.error(`no row contains "${filter}"`)
  process.exit(2)
}

if (values.only && !jobs.some((job) => candidatesOf(job).includes(values.only!))) {
  console.error(`no candidate is called "${values.only}"`)
  process.exit(2)
}

const loops = await compileLoops()
await prime()
printTitle()
for (const [i, job] of jobs.entries()) {
  process.stderr.write(`[${i + 1}/${jobs.length}] ${job.op} ${job.pass} ${job.shape.join('x')}\n`)
  const peers = await peerRows(job)
  for (const row of await benchOf(job, loops, peers, values)) {
    rows = [...rows, row]
    printRow(row)
  }
  save()
}
// A machine-readable copy leaves nothing out: what was skipped is said above.
save()
