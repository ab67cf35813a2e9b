/** Wrappers on one backend: a dense layer applied to the identity shows its transformed kernel. */
import { dropConnect, dropout, spatialDropout, type AnyNorm, type Noise, type Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { layers, type WeightLayer } from '../src/index.ts'
import { factoryName, layerName } from '../src/names.ts'
import { errorOf, ofWeights, pull, random, toTf, TOLERANCE } from './fixtures.ts'

const SHAPE = [5, 6]
const eye: Tensor = {
  data: Float64Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)),
  shape: [5, 5],
}
const kept = (values: ArrayLike<number>): number[] => Array.from(values, (value) => (value === 0 ? 0 : 1))

/** Of a dense layer of kernel [5, 6]. */
function wrap(record: AnyNorm | Noise): WeightLayer {
  const factory = (layers as unknown as Record<string, (config: object) => WeightLayer>)[
    factoryName(layerName(record.name))
  ]
  const layer = stock.dense({ units: 6, useBias: false })
  const wrapper = factory({ layer, ...(record.kind === 'noise' ? { seed: 5, rate: 0.5 } : {}) })
  wrapper.build([null, 5])
  return wrapper
}

export function wrapperSuite(): void {
  describe.each(ofWeights.map((record) => [record.name, record] as const))(
    '%s around a layer',
    (_, record) => {
      test('output and gradients are those of the transformed kernel', () => {
        const wrapper = wrap(record)
        const [w, dy] = [random(SHAPE, 1), random(SHAPE, 2)]
        wrapper.layer.setWeights([toTf(w)])
        const read = (name: string) => {
          const weight = wrapper.weights.find(({ originalName }) => originalName.endsWith(`kernel/${name}`))!
          return { data: Float64Array.from(weight.read().dataSync()), shape: weight.shape as number[] }
        }
        const read2 = (names: object | undefined) =>
          Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, read(name)]))
        const { y, saved } =
          record.kind === 'noise'
            ? record.forward(w, {}, { axis: 1, rate: 0.5, seed: 5 })
            : record.forward(w, read2(record.params), {
                axis: 1,
                ...(record.state ? { state: { ...read2(record.state), count: 1 } } : {}),
              })
        const got = pull(wrapper as never, eye, dy)
        expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
        const back = (record as AnyNorm).backward(dy, saved as never)
        expect(errorOf(got.byName.kernel, back.dx), 'dkernel').toBeLessThanOrEqual(5 * TOLERANCE)
      })
    },
  )

  test("masks are core's, bit for bit", () => {
    const ones = tf.ones([4, 3, 5])
    const training = { training: true }
    for (const step of [0, 1]) {
      const options = { rate: 0.4, seed: 9, step }
      const drop = layers.dropout(options).apply(ones, training) as tf.Tensor
      expect(kept(drop.dataSync())).toEqual(Array.from(dropout.draw([4, 3, 5], options)))
      const spatial = layers.spatialDropout(options).apply(ones, training) as tf.Tensor
      const draw = spatialDropout.draw([4, 3, 5], options)
      expect(kept(spatial.dataSync())).toEqual(
        Array.from({ length: 60 }, (_v, i) => draw[Math.floor(i / 15) * 5 + (i % 5)]),
      )
      const connect = layers.dropConnect({
        layer: stock.dense({ units: 6, useBias: false, kernelInitializer: 'ones' }),
        ...options,
      })
      const y = connect.apply(toTf(eye), training) as tf.Tensor
      expect(kept(y.dataSync())).toEqual(Array.from(dropConnect.draw(SHAPE, options)))
    }
  })
}
