// `npm start` and `npm test` come here: plain JavaScript for the caller's Node and npm, nothing installed yet.
// pnpm installs what is missing and runs a TypeScript file with the Node that it installed, in a session of its own. The
// whole session is ended when this process is told to stop, when its parent dies (npm and sh do not always pass SIGTERM
// on), or when the chain's first process ends.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { members, parentOf, signalAll } from './processes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const [file, ...rest] = process.argv.slice(2)
const windows = process.platform === 'win32'
const graceMs = 5000

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `normlab needs Node 20 or newer; this is Node ${process.versions.node}. See https://nodejs.org/`,
  )
  process.exit(1)
}

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
console.log(`normlab: installing what is missing, then ${file} (the first run takes a minute or two)`)

const chain = spawn(
  'npx',
  ['-y', packageManager, 'exec', 'node', '--import', './tools/needNode.mjs', file, ...rest],
  {
    cwd: root,
    detached: !windows, // its own session
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows, // npx is a .cmd file there
    env: {
      ...process.env,
      NORMLAB_BOOT_PID: String(process.pid),
      NORMLAB_CALLER_NODE: process.execPath,
      TURBO_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
    },
  },
)
chain.on('error', (error) => {
  console.error(
    `normlab: npx could not be started (${error.message}). It comes with npm: https://nodejs.org/`,
  )
  process.exit(1)
})

let ending = false
/** @param {number} code */
function end(code) {
  if (ending) return
  ending = true
  const { pid } = chain
  if (!pid) process.exit(code)
  if (windows) {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F']).on('close', () => process.exit(code))
    return
  }
  const atFirst = members(pid)
  signalAll(atFirst, 'SIGTERM')
  const asked = Date.now()
  setInterval(() => {
    const waited = Date.now() - asked
    const left = process.platform === 'linux' ? members(pid) : signalAll(atFirst, 0)
    if (waited > graceMs) signalAll(left, 'SIGKILL')
    if (!left.length || waited > 2 * graceMs) process.exit(code)
  }, 50)
}

chain.on('exit', (code) => end(code ?? 1))
process.on('SIGINT', () => end(130))
process.on('SIGTERM', () => end(143))
process.on('SIGHUP', () => end(129))

// npm -> sh -> this: sh outlives an npm that was killed, so both are watched.
const parent = process.ppid
const grandparent = process.env.npm_lifecycle_event && !windows ? parentOf(parent) : undefined
setInterval(() => {
  if (process.ppid !== parent || (grandparent && !signalAll([grandparent], 0).length)) end(143)
}, 500).unref()
