import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes a minute and more. Begun last, it would run alone when all else is done. */
const LONG = ['pages.page.test.ts', 'cells.page.test.ts', 'isolation.page.test.ts']

/** Vitest knows no durations on a fresh clone and goes by the files' sizes, which say little of a test that loads pages. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's method of that name
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((name) => moduleId.endsWith(`/${name}`))
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
