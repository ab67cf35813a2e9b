/** Where Keras 3 keeps the variables of a layer in model.weights.h5; keras/src/saving/saving_lib.py. */
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { snakeClass, uniqueNames, type Layer } from '../json.ts'
import { Composite } from './composite.ts'

export interface Place {
  readonly layer: Layer
  /** Of the layer: `layers/dense_1`. */
  readonly path: string
  /** The layer's own variables by their path under it: `vars/0`. */
  readonly own: readonly (readonly [path: string, variable: LayerVariable])[]
}

interface Parts {
  readonly layers?: readonly Layer[]
  readonly cell?: Layer
  readonly cells?: readonly Layer[]
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
  readonly layer?: Layer
}

export const isContainer = (layer: Layer): layer is LayersModel =>
  Array.isArray((layer as Parts).layers) && 'inboundNodes' in layer && 'containerNodes' in layer

export const isSpectral = (layer: Layer): boolean => layer.getClassName() === 'SpectralNormalization'

/**
 * Every layer of a model once, children after their parent; a shared one where Keras meets it first.
 * @param classOf Keras's name of a layer's class; undefined for what is no layer there, an operation.
 */
export function* placesOf(
  model: Layer,
  classOf: (layer: Layer) => string | undefined,
  path = '',
  seen = new Set<Layer>(),
): Generator<Place> {
  if (seen.has(model)) return
  seen.add(model)
  const parts = model as Parts
  const under = (name: string) => (path ? `${path}/${name}` : name)
  const list = (layers: readonly Layer[], folder: string): [string, Layer][] => {
    const unique = uniqueNames()
    return layers.flatMap((layer): [string, Layer][] => {
      const name = classOf(layer)
      return name === undefined ? [] : [[under(`${folder}/${unique(snakeClass(name))}`), layer]]
    })
  }
  const children: [string, Layer][] = isContainer(model)
    ? list(model.layers, 'layers')
    : [
        ...(parts.cells ? list(parts.cells, 'cells') : []),
        ...(['cell', 'backwardLayer', 'forwardLayer', 'layer'] as const).flatMap((key): [string, Layer][] => {
          const child = parts[key]
          const name = key.replace('Layer', '_layer')
          return child && typeof child.getWeights === 'function' ? [[under(name), child]] : []
        }),
      ]
  const composite = model instanceof Composite ? model.paths : undefined
  const inner = new Set(children.flatMap(([, child]) => child.weights))
  const own = isContainer(model) ? [] : model.weights.filter((variable) => !inner.has(variable))
  yield {
    layer: model,
    path,
    // The spectral wrapper's first variable is the kernel of its layer.
    own: own.map(
      (variable, i) => [composite?.[i] ?? `vars/${i + (isSpectral(model) ? 1 : 0)}`, variable] as const,
    ),
  }
  for (const [at, child] of children) yield* placesOf(child, classOf, at, seen)
}
