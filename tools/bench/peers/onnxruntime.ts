/** `node onnxruntime.ts layerNorm 4096x768` prints ns per element: one thread, outputs allocated beforehand. */
import { performance } from 'node:perf_hooks'
import { normalization } from './onnxModel.ts'

const [op, text] = process.argv.slice(2)
const shape = text.split('x').map(Number)
const size = shape.reduce((a, b) => a * b, 1)
// Optional: there may be no such package when types are checked.
const name: string = 'onnxruntime-node'
const { InferenceSession, Tensor } = await import(name)
const channels = op === 'layerNorm' ? shape.at(-1)! : shape[1]
const session = await InferenceSession.create(normalization(op, shape), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
})
const values = (length: number, f: (i: number) => number) => Float32Array.from({ length }, (_, i) => f(i))
const tensor = (data: Float32Array, dims: readonly number[]) => new Tensor('float32', data, dims)
const all = {
  x: tensor(
    values(size, (i) => Math.sin(i * 12.9898) * 2),
    shape,
  ),
  gamma: tensor(
    values(channels, (i) => 1 + 0.01 * (i % 7)),
    [channels],
  ),
  beta: tensor(
    values(channels, (i) => 0.01 * (i % 7)),
    [channels],
  ),
  mean: tensor(new Float32Array(channels), [channels]),
  variance: tensor(new Float32Array(channels).fill(1), [channels]),
}
const feeds = Object.fromEntries(
  session.inputNames.map((input: string) => [input, all[input as keyof typeof all]]),
)
const fetches = { y: tensor(new Float32Array(size), shape) }
const times: number[] = []
for (const start = performance.now(); performance.now() - start < 1500 || times.length < 10;) {
  const before = performance.now()
  await session.run(feeds, fetches)
  times.push(performance.now() - before)
}
const warm = times.slice(Math.min(5, times.length - 5)).toSorted((a, b) => a - b)
console.log((warm[Math.floor(warm.length / 2)] * 1e6) / size)
