import type { TestProject } from 'vitest/node'
import { findBrowser } from '../browser.ts'
import { serveSite } from '../serveSite.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The built site, served: `inject('siteUrl')`, with a slash at its end. */
    siteUrl: string
    /** The Chromium to drive: `chromium.launch({ executablePath: inject('browserPath'), args: browserArgs })`. */
    browserPath: string
  }
}

/** Serves apps/site/dist on a free port for the page tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const site = await serveSite(0)
  project.provide('siteUrl', site.url)
  project.provide('browserPath', findBrowser() ?? '')
  return site.close
}
