/** A layer around another one, whose weights, shapes and masks it has. tfjs does not export its own. */
import { layers, type LayerVariable } from '@tensorflow/tfjs-layers'
import type { LayerArgs } from './config.ts'
import { resolveLayer } from './identifiers.ts'
import { autoName, PACKAGE } from './names.ts'
import type { Shape } from './shape.ts'

type Layer = layers.Layer

export class Wrapper extends layers.Layer {
  readonly layer: Layer
  /** tfjs fills the weights of a model that it loads: initializers need not run. */
  protected fillsLater = false

  /** @param layer a layer, or its class and config as they are saved. */
  constructor(config: object, layer: unknown) {
    super(config as LayerArgs)
    if ((config as LayerArgs).name === undefined && this.getClassName().startsWith(PACKAGE))
      this.name = autoName(this.name, this.getClassName())
    this.layer = resolveLayer('layer', layer)
    this.supportsMasking = this.layer.supportsMasking
    this.inputSpec = this.layer.inputSpec
    this.trainable = this.trainable && this.layer.trainable
  }

  /** Layers whose weights are weights of this one too, in their order. */
  protected parts(): readonly Layer[] {
    // The base class asks before the field is there.
    return this.layer ? [this.layer] : []
  }

  override build(inputShape: Shape | Shape[]): void {
    if (!this.layer.built) {
      this.layer.build(inputShape)
      this.layer.built = true
    }
    this.inputSpec = this.layer.inputSpec
    this.built = true
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value)
    this.fillsLater = value
    this.layer.setFastWeightInitDuringBuild(value)
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return this.layer.computeOutputShape(inputShape)
  }
  override computeMask(...given: Parameters<Layer['computeMask']>): ReturnType<Layer['computeMask']> {
    return this.layer.computeMask(...given)
  }

  override get trainable(): boolean {
    return super.trainable
  }
  override set trainable(value: boolean) {
    super.trainable = value
    for (const part of this.parts()) part.trainable = value
  }
  override get trainableWeights(): LayerVariable[] {
    return [...super.trainableWeights, ...this.parts().flatMap((part) => part.trainableWeights)]
  }
  override set trainableWeights(weights: LayerVariable[]) {
    super.trainableWeights = weights
  }
  override get nonTrainableWeights(): LayerVariable[] {
    return [...this.parts().flatMap((part) => part.nonTrainableWeights), ...super.nonTrainableWeights]
  }
  override set nonTrainableWeights(weights: LayerVariable[]) {
    super.nonTrainableWeights = weights
  }
  override get losses(): Layer['losses'] {
    return [...super.losses, ...this.parts().flatMap((part) => part.losses)]
  }
  override get stateful(): boolean {
    return this.layer?.stateful ?? false
  }
  override resetStates(): void {
    this.layer.resetStates()
  }

  override getConfig() {
    return {
      ...super.getConfig(),
      layer: { className: this.layer.getClassName(), config: this.layer.getConfig() },
    }
  }
}
