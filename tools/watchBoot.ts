import { members, ownSession, signalAll } from './processes.mjs'

/** Ends the whole chain when `npm start` or `npm test`, which began it, is gone without a word (SIGKILL). */
export function watchBoot(): void {
  const boot = Number(process.env.NORMLAB_BOOT_PID)
  if (!boot) return
  setInterval(() => {
    if (signalAll([boot], 0).length) return
    const session = ownSession()
    if (session) signalAll(members(session), 'SIGTERM')
    process.exit(143)
  }, 500).unref()
}
