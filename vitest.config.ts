import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { browserArgs, findBrowser } from './tools/browser.ts'

// *.test.ts: Node. *.browser.test.ts: real Chromium. *.page.test.ts: Node, driving the built site with Playwright.
const all = ['packages', 'apps', 'tools', 'docs'].map((folder) => `${folder}/**/*.test.ts`)
const only = (kind: string) => all.map((glob) => glob.replace('*.test', `*.${kind}.test`))
const exclude = ['**/node_modules/**', '**/dist/**']

const source = '@normlab/source'
const forNode = {
  resolve: { conditions: [source, ...defaultServerConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source] } },
}

const executablePath = findBrowser()
const listing = process.env.NORMLAB_LIST === '1' // `vitest list` counts what a missing browser leaves out
if (!executablePath && !listing)
  console.warn('\nNO CHROMIUM FOUND: browser and page tests do not run. Name one in CHROMIUM_PATH.\n')

const projects: TestProjectConfiguration[] = [
  {
    ...forNode,
    test: {
      name: 'unit',
      include: all,
      exclude: [...exclude, ...only('browser'), ...only('page')],
      testTimeout: 20_000,
    },
  },
]
if (executablePath || listing)
  projects.push(
    {
      resolve: { conditions: [source, ...defaultClientConditions] },
      test: {
        name: 'browser',
        include: only('browser'),
        exclude,
        testTimeout: 30_000,
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({ launchOptions: { executablePath, args: browserArgs } }),
          instances: [{ browser: 'chromium' }],
        },
      },
    },
    {
      ...forNode,
      test: {
        name: 'page',
        include: only('page'),
        exclude,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
        env: executablePath ? { CHROMIUM_PATH: executablePath } : {},
        globalSetup: ['./tools/vitest/servePages.ts'],
      },
    },
  )

export default defineConfig({ test: { projects, passWithNoTests: true } })
