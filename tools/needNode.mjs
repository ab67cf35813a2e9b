// Loaded before our TypeScript (--import). pnpm brings Node 26 for the common platforms; elsewhere `node` is the caller's.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `normlab's tools need Node 22.18 or newer. For ${process.platform}-${process.arch} none comes from npm, and this ` +
      `is Node ${process.versions.node}: install a newer one from https://nodejs.org/ and try again.`,
  )
  process.exit(1)
}
