// oxlint-disable-next-line import/no-unassigned-import -- registers the backend
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { moments } from '../experiment/attribution.ts'
import { defaultRun, groupsFor, normNames, shownEpochs, type RunConfig } from '../experiment/config.ts'
import { moons, spirals } from '../experiment/data.ts'
import { unitValues } from '../experiment/measures.ts'
import { buildNetwork } from '../experiment/model.ts'
import { trainPair, type Frame } from '../experiment/train.ts'

const small: RunConfig = { ...defaultRun, depth: 2, width: 8, epochs: 3 }
const framesOf = async (run: RunConfig, data = spirals(run.seed)) => {
  const frames: Frame[] = []
  await trainPair(run, data, { onFrame: (frame) => void frames.push(frame) })
  return frames
}

beforeAll(() => tf.setBackend('cpu'))

test('1, 10 and 30 of thirty; fewer of less', () => {
  expect(shownEpochs(30)).toEqual([1, 10, 30])
  expect(shownEpochs(1)).toEqual([1])
  expect(shownEpochs(2)).toEqual([1, 2])
})

test('groups divide the width', () => {
  for (let width = 2; width <= 64; width++) expect(width % groupsFor(width)).toBe(0)
})

describe('trainPair', () => {
  test('the same seed gives the same run; another seed another', async () => {
    const [a, b, c] = [await framesOf(small), await framesOf(small), await framesOf({ ...small, seed: 2 })]
    expect(a.at(-1)).toEqual(b.at(-1))
    expect(a.at(-1)!.without.loss).not.toBe(c.at(-1)!.without.loss)
  })

  test('frames: before training, then each epoch; the shown ones are kept, with weights', async () => {
    const frames = await framesOf({ ...small, epochs: 4 })
    expect(frames.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4])
    expect(frames.filter(({ keep }) => keep).map(({ epoch }) => epoch)).toEqual([0, 1, 4])
    expect(frames[1].without.weights).toHaveLength(2)
    expect(frames[2].without.weights).toBeUndefined()
    expect(frames[4].step).toBe(frames[4].steps)
  })

  test('frames inside an epoch change nothing of the run, not even the moving statistics', async () => {
    const last: Frame[] = []
    await trainPair(small, spirals(1), { onFrame: (frame) => void (last[0] = frame), every: 0 })
    const { epoch, step, with: b, without: a } = (await framesOf(small)).at(-1)!
    expect([last[0].epoch, last[0].step]).toEqual([epoch, step])
    expect(last[0].with.values).toEqual(b.values)
    expect(last[0].with.accuracy).toBe(b.accuracy)
    expect(last[0].without.values).toEqual(a.values)
  })

  test.each(normNames)(
    '%s: both networks start from the same weights, and training lowers the loss',
    async (norm) => {
      const frames = await framesOf({ ...small, norm, epochs: 6 }, moons(1))
      expect(frames[0].with.weights).toEqual(frames[0].without.weights)
      expect(frames[0].with.values.linear[0]).toEqual(frames[0].without.values.linear[0])
      expect(frames.at(-1)!.with.loss).toBeLessThan(frames[1].with.loss)
      const same = norm === 'none'
      const [a, b] = [frames.at(-1)!.with, frames.at(-1)!.without]
      if (same) expect(a).toEqual(b)
      else expect(a.loss).not.toBe(b.loss)
    },
  )

  test('an abort ends it at the next step', async () => {
    const abort = new AbortController()
    let frames = 0
    const onFrame = () => {
      if (++frames === 3) abort.abort()
    }
    await trainPair({ ...small, epochs: 100 }, spirals(1), { onFrame, signal: abort.signal })
    expect(frames).toBe(3)
  })

  test('no tensor is left behind', async () => {
    const before = tf.memory().numTensors
    await framesOf(small)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('a batch larger than the data is the whole data', async () => {
    const frames = await framesOf({ ...small, batch: 256, epochs: 1 }, spirals(1, 60))
    expect(frames.at(-1)!.steps).toBe(1)
  })
})

describe('what the page says of normalization', () => {
  test('BatchNorm: in training, mean and standard deviation before the activation are beta and |gamma|', () => {
    const model = buildNetwork(small, 'batch', 2, 3)
    const [gamma, beta] = [-1.5, 0.7]
    const state = model.getLayer('norm1').getWeights().slice(2)
    model.getLayer('norm1').setWeights([tf.mul(tf.ones([8]), gamma), tf.mul(tf.ones([8]), beta), ...state])
    const z = tf.mul(tf.randomNormal([64, 8], 0, 1, 'float32', 3), 5)
    const u = (model.getLayer('norm1').apply(z, { training: true }) as tf.Tensor).dataSync() as Float32Array
    for (let unit = 0; unit < 8; unit++) {
      const { mean, std } = moments(unitValues(u, 8, unit))
      expect(mean).toBeCloseTo(beta, 5)
      expect(std).toBeCloseTo(Math.abs(gamma), 3)
      expect(std).toBeLessThan(Math.abs(gamma))
    }
  })
})
