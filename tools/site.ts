// `npm start`: builds the packages and the site (turbo skips what has not changed) and serves the result.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { x } from 'tinyexec'
import { portIsFree, serveSite, siteFolder } from './serveSite.ts'
import { watchBoot } from './watchBoot.ts'

watchBoot()

const fail = (message: string): never => {
  console.error(`\nnormlab: ${message}`)
  process.exit(1)
}

const asked = process.env.PORT || '4321'
const port = Number(asked)
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`PORT is "${asked}"; a number from 1 to 65535 would do.`)
if (!existsSync(join(siteFolder, 'package.json')))
  fail('apps/site has no package.json: there is no site to build.')
if (!(await portIsFree(port)))
  fail(
    `port ${port} is taken by another program. End that one, or choose another port: PORT=${port + 1} npm start`,
  )

console.log('normlab: building the packages and the site')
const build = await x(
  'turbo',
  ['run', 'build', '--filter=@normlab/site', '--output-logs=new-only', '--ui=stream'],
  {
    nodeOptions: { stdio: 'inherit' },
  },
)
if (build.exitCode !== 0) fail('the build failed; what failed is above.')

const site = await serveSite(port).catch((error: Error) => fail(error.message))
console.log(`\nnormlab is served at ${site.url} (Ctrl-C ends it)`)
let told = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    told = true
    void site.close().then(() => process.exit(0))
  })
await site.ended
// The server may get the same signal, and end, a moment before this process hears of it.
await new Promise((next) => setTimeout(next, 300))
if (!told) fail('the server ended by itself.')
