/**
 * Ends the whole chain when `npm start` or `npm test`, which began it, is gone without a word (SIGKILL).
 * tools/boot.mjs put the chain in a process group of its own: signalling "0" reaches all of it, and nobody else.
 */
export function watchBoot(): void {
  const pid = Number(process.env.NORMLAB_BOOT_PID)
  if (!pid) return
  setInterval(() => {
    try {
      process.kill(pid, 0)
    } catch {
      if (process.platform === 'win32') process.exit(143)
      process.kill(0, 'SIGTERM')
    }
  }, 500).unref()
}
