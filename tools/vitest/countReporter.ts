import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { Tally } from '../check/tally.ts'

/** Writes what ran as a Tally to the file that NORMLAB_COUNT_FILE names; tools/check.ts adds it up. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally: Tally = { passed: 0, failed: unhandled.length, skips: [] }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      // A module that could not be loaded holds no tests, and must not count as nothing.
      const suites = [module, ...module.children.allSuites()]
      tally.failed += suites.reduce((sum, suite) => sum + suite.errors().length, 0)
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'passed') tally.passed++
        else if (result.state === 'failed') tally.failed++
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
