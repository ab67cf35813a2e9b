export interface Failure {
  what: string
  why: string
}

/** What a section of `npm test` did. `count` of a skip: how many tests did not run. `failures`: those that have a name. */
export interface Tally {
  passed: number
  failed: number
  failures: Failure[]
  skips: { what: string; why: string; count: number }[]
}

export const passed = (count = 1): Tally => ({ passed: count, failed: 0, failures: [], skips: [] })
export const failed = (count = 1): Tally => ({ passed: 0, failed: count, failures: [], skips: [] })
export const skipped = (what: string, why: string, count = 1): Tally => ({
  passed: 0,
  failed: 0,
  failures: [],
  skips: [{ what, why, count }],
})

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    failures: tallies.flatMap((tally) => tally.failures),
    skips: tallies.flatMap((tally) => tally.skips),
  }
}

export const skipCount = (tally: Tally): number => tally.skips.reduce((total, skip) => total + skip.count, 0)

export const line = (tally: Tally): string =>
  `${tally.passed} passed, ${tally.failed} failed, ${skipCount(tally)} skipped`
