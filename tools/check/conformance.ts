import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { x } from 'tinyexec'
import { root } from './commands.ts'
import { failed, skipped, sum, type Failure, type Tally } from './tally.ts'

// Written by others, beside the checkout on some machines only. pytorch.json is also committed here.
const outside = ['literal.json', 'onnx.json', 'pytorch.json'].map((name) => `../shared/conformance/${name}`)

/** Golden files that are committed. Files in folders of golden/ hold whole models: other tests read them. */
const committed = () =>
  globSync(['packages/core/test/**/*.json', 'tools/oracle/golden/*.json'], { cwd: root }).toSorted()

/** What `pnpm conformance` counts in its last line, and the reasons that its lines "skipped ..." give. */
export function read(output: string[]): Tally | undefined {
  const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(output.at(-1) ?? '')
  if (!counts) return undefined
  const [passes, failures, skips] = counts.slice(1).map(Number)
  const reasons = output
    .filter((text) => text.startsWith('skipped '))
    .map((text) => text.slice('skipped '.length))
  const why = reasons.join('; ') || 'no reason was given'
  return {
    passed: passes,
    failed: failures,
    failures: output
      .map((text) => /^FAILED (?<what>.*?): (?<why>.*)$/.exec(text)?.groups as Failure | undefined)
      .filter((failure) => failure !== undefined),
    skips: skips ? [{ what: `${skips} conformance cases`, why, count: skips }] : [],
  }
}

export async function conformance(): Promise<Tally> {
  const here = committed()
  const names = new Set(here.map((file) => basename(file)))
  const away = outside.filter((file) => !existsSync(join(root, file)))
  const files = [...here, ...outside.filter((file) => !away.includes(file) && !names.has(basename(file)))]
  const missing = away
    .filter((file) => !names.has(basename(file)))
    .map((file) => skipped(file, 'the file is not on this machine'))
  if (!files.length) return sum(missing)

  const output: string[] = []
  const run = x('pnpm', ['--silent', 'conformance', ...files], { nodeOptions: { cwd: root } })
  for await (const text of run) {
    console.log(text)
    output.push(text)
  }
  const tally = read(output) ?? failed()
  return sum([run.exitCode === 0 || tally.failed ? tally : failed(), ...missing])
}
