import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { browserArgs, findBrowser } from './tools/browser.ts'
import { findTfjsNode } from './tools/libtensorflow/cache.ts'
import { LongestFirst } from './tools/vitest/longestFirst.ts'

// *.test.ts: Node. *.browser.test.ts: real Chromium. *.page.test.ts: Node, driving the built site with Playwright.
// *.native.test.ts: Node, on libtensorflow.
const all = ['packages', 'apps', 'tools', 'docs'].map((folder) => `${folder}/**/*.test.ts`)
const only = (kind: string) => all.map((glob) => glob.replace('*.test', `*.${kind}.test`))
const exclude = ['**/node_modules/**', '**/dist/**']

const source = '@normlab/source'
const forNode = {
  resolve: { conditions: [source, ...defaultServerConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source] } },
}

const cpus = availableParallelism()
const executablePath = findBrowser()
const listing = process.env.NORMLAB_LIST === '1' // `vitest list` counts what a missing browser leaves out
if (!executablePath && !listing)
  console.warn('\nNO CHROMIUM FOUND: browser and page tests do not run. Name one in CHROMIUM_PATH.\n')

const tfjsNode = findTfjsNode()
if (!tfjsNode && !listing)
  console.warn('\nNO LIBTENSORFLOW FOUND: native tests do not run. `pnpm libtensorflow` builds it.\n')

const projects: TestProjectConfiguration[] = [
  {
    ...forNode,
    test: {
      name: 'unit',
      include: all,
      exclude: [...exclude, ...only('browser'), ...only('page'), ...only('native')],
      testTimeout: 20_000,
      maxWorkers: cpus + 1, // Vitest would leave one core to itself, half of CI's two; and some files wait for processes
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
        expect: { poll: { timeout: 10_000 } },
        maxWorkers: 3, // they wait more than they work
        env: executablePath ? { CHROMIUM_PATH: executablePath } : {},
        globalSetup: ['./tools/vitest/servePages.ts'],
      },
    },
  )

if (tfjsNode || listing)
  projects.push({
    ...forNode,
    test: {
      name: 'native',
      include: only('native'),
      exclude,
      testTimeout: 30_000,
      env: { NORMLAB_TFJS_NODE: tfjsNode ?? '', TF_CPP_MIN_LOG_LEVEL: '2' },
    },
  })

export default defineConfig({
  test: { projects, passWithNoTests: true, sequence: { sequencer: LongestFirst } },
})
