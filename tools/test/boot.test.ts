import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

// Whichever process of the chain is ended, and however: nothing of it may live on.
const root = join(import.meta.dirname, '../..')

interface Pids {
  boot: number
  pnpm: number
  script: number
  child: number
}

async function start(): Promise<Pids> {
  const { NORMLAB_BOOT_PID: _, ...env } = process.env
  const boot = spawn(process.execPath, ['tools/boot.mjs', 'tools/test/fixtures/chain.ts'], { cwd: root, env })
  let log = ''
  boot.stdout.on('data', (text) => (log += text))
  boot.stderr.on('data', (text) => (log += text))
  onTestFinished(() => void boot.kill('SIGTERM'))
  while (!log.includes('pids ')) {
    if (boot.exitCode !== null) throw new Error(`boot.mjs ended before its script began:\n${log}`)
    await Promise.race([once(boot.stdout, 'data'), once(boot, 'exit')])
  }
  return { boot: boot.pid!, ...JSON.parse(log.slice(log.indexOf('pids ') + 5).split('\n')[0]) }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test.skipIf(process.platform === 'win32').each([
  ['boot', 'SIGTERM'],
  ['boot', 'SIGINT'],
  ['boot', 'SIGKILL'],
  ['pnpm', 'SIGTERM'],
  ['script', 'SIGTERM'],
  ['script', 'SIGKILL'],
  ['child', 'SIGTERM'],
] as const)('%s gets %s: all end', async (who, signal) => {
  const pids = await start()
  const all = Object.values(pids) as number[]
  expect(all.map(lives)).toEqual(all.map(() => true))
  process.kill(pids[who], signal)
  await expect.poll(() => all.filter(lives), { timeout: 8000, interval: 50 }).toEqual([])
})
