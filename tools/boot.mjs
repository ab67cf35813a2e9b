// `npm start` and `npm test` come here: plain JavaScript for the caller's Node and npm, nothing installed yet.
// pnpm installs what is missing and runs a TypeScript file with the Node that it installed, in a process group of its
// own. That whole group is ended when this process is told to stop, when its parent dies (npm and sh do not always pass
// SIGTERM on), or when the chain's first process ends.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [file, ...rest] = process.argv.slice(2)
const windows = process.platform === 'win32'

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `normlab needs Node 20 or newer; this is Node ${process.versions.node}. See https://nodejs.org/`,
  )
  process.exit(1)
}

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
console.log(`normlab: installing what is missing, then ${file} (the first run takes a minute or two)`)

const child = spawn(
  'npx',
  ['-y', packageManager, 'exec', 'node', '--import', './tools/needNode.mjs', file, ...rest],
  {
    cwd: root,
    detached: !windows, // its own process group, so that one kill reaches npx, pnpm, node, turbo and astro
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

/** True while some process of the chain lives. */
function signalChain(signal) {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'])
    else process.kill(-child.pid, signal)
    return true
  } catch {
    return false
  }
}

let code
function end(exitCode) {
  if (code !== undefined) return
  code = exitCode
  signalChain('SIGTERM')
  const asked = Date.now()
  setInterval(() => {
    const late = Date.now() - asked > 5000
    if (!signalChain(late ? 'SIGKILL' : 0) || windows) process.exit(code)
  }, 50)
}

child.on('error', (error) => {
  console.error(
    `normlab: npx could not be started (${error.message}). It comes with npm: https://nodejs.org/`,
  )
  process.exit(1)
})
child.on('exit', (exitCode) => end(exitCode ?? 1))
process.on('SIGINT', () => end(130))
process.on('SIGTERM', () => end(143))
process.on('SIGHUP', () => end(129))

const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) end(143)
}, 500).unref()
