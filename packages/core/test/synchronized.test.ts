/** Workers that see parts of a batch compute what one that sees all of it does. */
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { batchNorm, populationState, synchronized, type RunningState } from '../src/index.ts'
import { greatestError } from '../src/testing/index.ts'
import { randomTensor } from './fixtures.ts'

const rows = [3, 1, 4]
const x = randomTensor([8, 2, 3], 1, 2, 50)
const dy = randomTensor([8, 2, 3], 2)
const gamma = randomTensor([3], 3, 0.5, 1)
const beta = randomTensor([3], 4)

interface Part {
  y: Float64Array
  dx: Float64Array
  dgamma: Float64Array
  dbeta: Float64Array
  state: RunningState
}

/** Starts a thread a part; answers each all-reduce when all threads have asked. */
async function overThreads(): Promise<Part[]> {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads'
    import { synchronized } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const allReduce = (values) => new Promise((resolve) => {
      parentPort.once('message', resolve)
      parentPort.postMessage({ values })
    })
    const { x, dy, gamma, beta } = workerData
    const norm = synchronized(allReduce)
    const { y, saved, state } = await norm.forward(x, { gamma, beta }, { variance: 'unbiased' })
    const { dx, dgamma, dbeta } = await norm.backward(dy, saved)
    parentPort.postMessage({ done: { y: y.data, dx: dx.data, dgamma: dgamma.data, dbeta: dbeta.data, state } })
  `
  let from = 0
  const slice = ({ data }: { data: ArrayLike<number> }, n: number) => ({
    data: Float64Array.from({ length: n * 6 }, (_, i) => data[from * 6 + i]),
    shape: [n, 2, 3],
  })
  const workers = rows.map((n) => {
    const workerData = { x: slice(x, n), dy: slice(dy, n), gamma, beta }
    from += n
    return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData })
  })
  const asked: Float64Array[] = []
  const parts: Part[] = []
  await new Promise<void>((resolve, reject) => {
    workers.forEach((worker, i) => {
      worker.on('error', reject)
      worker.on('message', ({ values, done }: { values?: Float64Array; done?: Part }) => {
        if (done) parts[i] = done
        else asked.push(values!)
        if (asked.length === workers.length) {
          const sums = asked[0].map((_, k) => asked.reduce((sum, one) => sum + one[k], 0))
          asked.length = 0
          for (const other of workers) other.postMessage(sums)
        }
        if (parts.filter(Boolean).length === workers.length) resolve()
      })
    })
  }).finally(() => Promise.all(workers.map((worker) => worker.terminate())))
  return parts
}

describe('synchronous BatchNorm', () => {
  test('over three threads = over the whole batch', async () => {
    const parts = await overThreads()
    const whole = batchNorm.forward(x, { gamma, beta }, { variance: 'unbiased' })
    const gradients = batchNorm.backward(dy, whole.saved)
    const join = (pick: (part: Part) => Float64Array) => parts.flatMap((part) => [...pick(part)])
    const sum = (pick: (part: Part) => Float64Array) =>
      pick(parts[0]).map((_, c) => parts.reduce((total, part) => total + pick(part)[c], 0))
    expect(
      greatestError(
        join((part) => part.y),
        whole.y.data,
      ),
    ).toBeLessThan(1e-12)
    expect(
      greatestError(
        join((part) => part.dx),
        gradients.dx.data,
      ),
    ).toBeLessThan(1e-11)
    expect(
      greatestError(
        sum((part) => part.dgamma),
        gradients.dgamma.data,
      ),
    ).toBeLessThan(1e-12)
    expect(
      greatestError(
        sum((part) => part.dbeta),
        gradients.dbeta.data,
      ),
    ).toBeLessThan(1e-12)
    for (const { state } of parts) {
      expect(greatestError(state.mean.data, whole.state.mean.data)).toBeLessThan(1e-6)
      expect(greatestError(state.variance.data, whole.state.variance.data)).toBeLessThan(1e-6)
    }
  })

  test('what is wrong is refused before the first sum, which the others would wait for', async () => {
    let sums = 0
    const { forward } = synchronized((values) => {
      sums++
      return Promise.resolve(values)
    })
    const bad: [string, unknown, object][] = [
      ['x', null, {}],
      ['epsilon', x, { epsilon: -1 }],
      ['decay', x, { decay: 2 }],
      ['variance', x, { variance: 'none' }],
      ['axis', x, { axis: 7 }],
    ]
    for (const [argument, value, options] of bad)
      await expect(forward(value as never, {}, options), argument).rejects.toMatchObject({ argument })
    expect(sums).toBe(0)
    await forward(x)
    expect(sums).toBe(2)
  })

  test('a worker without examples takes part and learns the statistics', async () => {
    const empty = { data: new Float64Array(0), shape: [0, 2, 3] }
    let call = 0
    const other = batchNorm.forward(x)
    const totals = [
      Float64Array.of(16, 16, 16, ...Array.from(other.saved.mean!, (mean) => mean * 16)),
      other.saved.variance!.map((v) => v * 16),
    ]
    const sumWithOther = (values: Float64Array) => {
      const theirs = totals[call++]
      return values.map((value, i) => value + theirs[i])
    }
    const { y, state } = await synchronized(sumWithOther).forward(empty)
    expect(y.shape).toEqual([0, 2, 3])
    expect(greatestError(state.mean.data, other.state.mean.data)).toBeLessThan(1e-6)
  })
})

describe('population statistics', () => {
  test('of a stream = of all of it at once, however it is cut', () => {
    const cut = (sizes: number[]) => {
      let at = 0
      return sizes.map((n) => ({ data: x.data.slice(at * 6, (at += n) * 6), shape: [n, 2, 3] }))
    }
    const { saved } = batchNorm.forward(x)
    for (const sizes of [[8], [1, 7], [3, 3, 2], [0, 8]]) {
      const state = populationState(cut(sizes))
      expect(greatestError(state.mean.data, saved.mean!)).toBeLessThan(1e-12)
      expect(greatestError(state.variance.data, saved.variance!)).toBeLessThan(1e-11)
      expect(batchNorm.forward(x, {}, { training: false, state }).y.shape).toEqual(x.shape)
    }
    expect(() => populationState([])).toThrow(/batches/)
    expect(populationState(cut([8]), { axis: 1 }).mean.shape).toEqual([2])
  })
})
