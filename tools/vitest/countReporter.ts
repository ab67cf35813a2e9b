import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { Tally } from '../check/tally.ts'

/** Of an error: a log's last screen should hold them all. */
const MOST_CHARACTERS = 600

/** Writes what ran as a Tally to the file that NORMLAB_COUNT_FILE names; tools/check.ts adds it up. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally: Tally = { passed: 0, failed: 0, failures: [], skips: [] }
    const fail = (what: string, errors: readonly { message: string }[] = []) => {
      tally.failed++
      tally.failures.push({ what, why: errors[0]?.message.slice(0, MOST_CHARACTERS) ?? 'it said nothing' })
    }
    for (const error of unhandled) fail('outside any test', [error])
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      // A module that could not be loaded holds no tests, and must not count as nothing.
      const suites = [module, ...module.children.allSuites()]
      for (const suite of suites) for (const error of suite.errors()) fail(module.relativeModuleId, [error])
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'passed') tally.passed++
        else if (result.state === 'failed')
          fail(`${module.relativeModuleId} > ${test.fullName}`, result.errors)
        else {
          const why =
            ('note' in result && result.note) || `marked ${test.options.mode} in ${module.relativeModuleId}`
          tally.skips.push({ what: test.fullName, why, count: 1 })
        }
      }
    }
    writeFileSync(process.env.NORMLAB_COUNT_FILE!, JSON.stringify(tally))
  }
}
