// Plain JavaScript: boot.mjs runs it with the caller's Node 20. pnpm and turbo give their children process groups of
// their own, so killing one group is not enough; but all stay in the session that `detached: true` opened.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** @param {number | string} pid @returns {{ parent: number, session: number, ended: boolean } | undefined} */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(parent), session: Number(session), ended: state === 'Z' }
  } catch {
    return undefined // it ended meanwhile
  }
}

/** The processes of the session that `leader` opened. @param {number} leader @returns {number[]} */
export function members(leader) {
  if (process.platform !== 'linux') return [leader, ...descendants(leader)]
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).filter((pid) => {
    const found = stat(pid)
    return found && found.session === leader && !found.ended
  })
}

/** Without /proc: who descends from a process, as long as its parents live. @param {number} ancestor @returns {number[]} */
function descendants(ancestor) {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const rows = text
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
  const found = [ancestor]
  for (let i = 0; i < found.length; i++)
    found.push(...rows.filter((row) => row[1] === found[i]).map((row) => row[0]))
  return found.slice(1)
}

/** @param {number[]} pids @param {NodeJS.Signals | 0} signal @returns {number[]} those that live */
export function signalAll(pids, signal) {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, signal)
    } catch {
      return false
    }
  })
}

/** The parent of a process, if it can be told. @param {number} pid @returns {number | undefined} */
export function parentOf(pid) {
  if (process.platform === 'linux') return stat(pid)?.parent
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' })) || undefined
  } catch {
    return undefined
  }
}

/** The session that this process is in; undefined without /proc. */
export const ownSession = () => stat('self')?.session
