/** Peers run in processes of their own: another engine's threads and heap would show in our times. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { x as execute } from 'tinyexec'
import type { PeerTime } from '../core.ts'
import type { Job } from '../shapes.ts'

const said = new Set<string>()
const peers = [{ module: 'onnxruntime-node', file: 'onnxruntime.ts', serves: servesOnnx }]

function servesOnnx({ op, pass, shape, options }: Job): boolean {
  if (op === 'layerNorm') return pass === 'forward' && !('axis' in options)
  if (op === 'batchNorm') return pass === 'inference' && options.axis === 1
  return op === 'instanceNorm' && pass === 'forward' && options.axis === 1 && shape.length === 4
}

export async function peerRows(job: Job): Promise<PeerTime[]> {
  const times: PeerTime[] = []
  for (const { module, file, serves } of peers) {
    if (!serves(job)) continue
    if (!installed(module)) {
      if (!said.has(module))
        console.error(
          `SKIPPED ${module}: not installed. ONNXRUNTIME_NODE_INSTALL=skip pnpm add -w -D ${module}`,
        )
      said.add(module)
      continue
    }
    const path = fileURLToPath(new URL(file, import.meta.url))
    const { stdout, stderr, exitCode } = await execute(process.execPath, [path, job.op, job.shape.join('x')])
    if (exitCode === 0) times.push({ candidate: module, nsPerElement: Number(stdout.trim()) })
    else console.error(`SKIPPED ${module} ${job.op}: ${stderr.trim().split('\n').at(-1)}`)
  }
  return times
}

function installed(module: string): boolean {
  try {
    createRequire(import.meta.url).resolve(module)
    return true
  } catch {
    return false
  }
}
