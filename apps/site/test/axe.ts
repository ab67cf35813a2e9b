import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'

type RunOptions = Parameters<AxeBuilder['options']>[0]

/**
 * What axe finds in the page or a part of it, by all its rules or by some. Its "legacy mode" leaves out frames of other origins, of which the
 * sandbox, hidden and empty, is the only one; with violations alone it takes a third of the time.
 */
export async function violations(
  page: Page,
  { part, rules }: { part?: string; rules?: string[] } = {},
): Promise<string[]> {
  const options: RunOptions = { resultTypes: ['violations'] }
  if (rules) options.runOnly = { type: 'rule', values: rules }
  const axe = new AxeBuilder({ page }).setLegacyMode().options(options)
  const found = await (part ? axe.include(part) : axe).analyze()
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}
