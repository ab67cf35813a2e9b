/** Ends this process when `npm start` or `npm test`, which started it, is gone: SIGKILL leaves it no chance to say so. */
export function watchBoot(onGone: () => void = () => process.exit(143)): void {
  const pid = Number(process.env.NORMLAB_BOOT_PID)
  if (!pid) return
  setInterval(() => {
    try {
      process.kill(pid, 0)
    } catch {
      onGone()
    }
  }, 500).unref()
}
