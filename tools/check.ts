// `npm test`: every check, in this order, whatever failed before; the last line is the sum.
import { join } from 'node:path'
import { getBrowser } from './browser.ts'
import { build, format, generated, lint, root, supplyChain, types } from './check/commands.ts'
import { conformance } from './check/conformance.ts'
import { native } from './check/native.ts'
import { line, sum, type Tally, failed } from './check/tally.ts'
import { project, skipProject } from './check/vitest.ts'
import { pack } from './pack.ts'
import { watchBoot } from './watchBoot.ts'

watchBoot()

// A fork for each file of tests: what they all load is compiled once.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/node')

const withBrowser = (name: string) => async () => {
  const browser = await getBrowser()
  if (!browser) return skipProject(name, 'no Chromium could be found or installed: name one in CHROMIUM_PATH')
  process.env.CHROMIUM_PATH = browser
  return project(name)
}

// Mostly waits for the network: beside the first sections it costs a few seconds.
const nativeTests = native()

const sections: [heading: string, run: () => Promise<Tally>][] = [
  ['Generated files are fresh', generated],
  ['Lint', lint],
  ['Format', format],
  ['Build', build], // before types: the site's configuration imports core as it is published
  ['Types', types],
  ['Unit tests (Node)', () => project('unit')],
  ['Native tests (libtensorflow)', nativeTests],
  ['Browser tests (Chromium)', withBrowser('browser')],
  ['Page tests (the built site)', withBrowser('page')],
  ['Packaging', pack],
  ['Conformance', conformance],
]
if (process.env.NORMLAB_SUPPLY_CHAIN) sections.push(['Supply chain', supplyChain])

const rows: { heading: string; tally: Tally; seconds: number }[] = []
for (const [heading, run] of sections) {
  console.log(`\n=== ${heading} ===`)
  const start = performance.now()
  let tally = await run().catch((error: unknown) => {
    console.error(error)
    return failed()
  })
  if (!tally.passed && !tally.failed && !tally.skips.length) {
    console.error('Nothing ran here: a glob or a reporter has lost its tests.')
    tally = failed()
  }
  rows.push({ heading, tally, seconds: (performance.now() - start) / 1000 })
  console.log(`--- ${heading}: ${line(tally)}`)
}

const total = sum(rows.map((row) => row.tally))
console.log('\n=== Summary ===')
for (const { heading, tally, seconds } of rows)
  console.log(`${tally.failed ? 'FAIL' : 'ok  '} ${heading}: ${line(tally)} (${seconds.toFixed(1)} s)`)
for (const { what, why } of total.failures) console.log(`FAILED ${what}: ${why}`)
for (const { what, why } of total.skips) console.log(`SKIPPED ${what}: ${why}`)
console.log(line(total))
process.exitCode = total.failed ? 1 : 0
