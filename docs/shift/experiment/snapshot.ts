import { ActivationRecorder } from '@normlab/tfjs-layers'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Sequential } from '@tensorflow/tfjs-layers'

/** Every hidden layer's values over the probe, each [examples, units], row by row. Layer 1 stands at index 0. */
export interface Values {
  readonly units: number
  /** W h + b, before any normalization. */
  readonly linear: Float32Array[]
  /** What the activation function sees: the same as `linear` where there is no normalization. */
  readonly pre: Float32Array[]
  /** What the next layer sees. */
  readonly post: Float32Array[]
}

/** A hidden layer's own numbers. kernel: [inputs, units], row by row. */
export interface OwnWeights {
  readonly kernel: Float32Array
  readonly bias: Float32Array
}

/** Reads a network's insides over the probe, taken as one batch: normalized with the probe's own statistics. */
export class Snapshooter {
  readonly #model: Sequential
  readonly #recorder: ActivationRecorder
  readonly #numbers: number[]

  constructor(model: Sequential, probe: Tensor2D, depth: number) {
    this.#model = model
    this.#numbers = Array.from({ length: depth }, (_, i) => i + 1)
    const layers = this.#numbers.flatMap((layer) => [`linear${layer}`, `activation${layer}`])
    this.#recorder = new ActivationRecorder({
      probe,
      layers,
      units: [],
      bins: 1,
      keepValues: true,
      training: true,
    })
    this.#recorder.setModel(model)
  }

  async values(): Promise<Values> {
    await this.#recorder.record(0) // always 0: each look takes the place of the one before
    const read = (layer: string, side: 'pre' | 'post') => this.#recorder.values(layer, side, 0)!
    return {
      units: read('linear1', 'post').shape[1],
      linear: this.#numbers.map((layer) => read(`linear${layer}`, 'post').data),
      pre: this.#numbers.map((layer) => read(`activation${layer}`, 'pre').data),
      post: this.#numbers.map((layer) => read(`activation${layer}`, 'post').data),
    }
  }

  weights(): OwnWeights[] {
    return this.#numbers.map((layer) => {
      const [kernel, bias] = this.#model.getLayer(`linear${layer}`).getWeights()
      return { kernel: Float32Array.from(kernel.dataSync()), bias: Float32Array.from(bias.dataSync()) }
    })
  }
}
