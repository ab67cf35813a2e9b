import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'

type RunOptions = Parameters<AxeBuilder['options']>[0]

/**
 * What axe finds in the page or a part of it: by some rules alone, or by all, less those of `but` and those of `also` (which
 * are off by default) besides. Its "legacy mode" leaves out frames of other origins, of which the sandbox, hidden and
 * empty, is the only one; with violations alone it takes a third of the time. Two thirds of what is left are the rule
 * color-contrast.
 */
export async function violations(
  page: Page,
  {
    part,
    rules,
    but = [],
    also = [],
  }: { part?: string; rules?: readonly string[]; but?: readonly string[]; also?: readonly string[] } = {},
): Promise<string[]> {
  const options: RunOptions = { resultTypes: ['violations'] }
  if (rules) options.runOnly = { type: 'rule', values: [...rules] }
  const turned = (names: readonly string[], enabled: boolean) =>
    names.map((name) => [name, { enabled }] as const)
  options.rules = Object.fromEntries([...turned(but, false), ...turned(also, true)])
  const axe = new AxeBuilder({ page }).setLegacyMode().options(options)
  const found = await (part ? axe.include(part) : axe).analyze()
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}
