import { x } from 'tinyexec'
import { failed, passed, type Tally } from './tally.ts'

export interface Packed {
  name: string
  folder: string
  tarball: string
}

/** Runs one named check, an empty list of complaints being a pass. */
export async function test(name: string, run: () => Promise<string[]>): Promise<Tally> {
  const complaints = await run().catch((error: Error) => [error.message])
  console.log(`${complaints.length ? 'FAIL ' : 'ok   '} ${name}`)
  for (const complaint of complaints) console.log(`       ${complaint.replaceAll('\n', '\n       ')}`)
  if (!complaints.length) return passed()
  return { ...failed(), failures: [{ what: name, why: complaints.join('; ') }] }
}

/** What a command printed, where it failed; else nothing. */
export async function complaintsOf(command: string, args: string[], cwd: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await x(command, args, { nodeOptions: { cwd } })
  return exitCode === 0 ? [] : [`${command} ${args.join(' ')}: exit ${exitCode}\n${stdout}${stderr}`.trim()]
}
