/** Peers run in processes of their own: another engine's threads and heap would show in our times. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { x as execute } from 'tinyexec'
import type { Job } from '../shapes.ts'

export interface PeerTime {
  readonly candidate: string
  readonly nsPerElement: number
}

const said = new Set<string>()
const peers = [
  {
    module: 'onnxruntime-node',
    file: 'onnxruntime.ts',
    serves: servesOnnx,
    // Without the download of a GPU's libraries; beside this file, where no lock file of ours sees it.
    install:
      'ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save --no-package-lock --prefix tools/bench/peers onnxruntime-node@1.30.0',
  },
]

function servesOnnx({ op, pass, shape, options }: Job): boolean {
  if (op === 'layerNorm') return pass === 'forward' && !('axis' in options)
  if (op === 'batchNorm') return pass === 'inference' && options.axis === 1
  return op === 'instanceNorm' && pass === 'forward' && options.axis === 1 && shape.length === 4
}

export async function peerRows(job: Job): Promise<PeerTime[]> {
  const times: PeerTime[] = []
  for (const { module, file, serves, install } of peers) {
    if (!serves(job)) continue
    if (!installed(module)) {
      if (!said.has(module))
        console.error(
          `SKIPPED ${module}: not installed. It is 290 MB, so no dependency of ours. At the root of the repository:\n  ${install}`,
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
