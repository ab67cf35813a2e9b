/** Makes constructors of tfjs's layers return ours. Its namespaces are read-only in bundles; its classes are not. */
import type { layers } from '@tensorflow/tfjs-layers'
import { NormlabError } from './errors.ts'
import type { StandIn } from './standIns.ts'

type Base = typeof layers.Layer
type Constructor = new (...args: unknown[]) => object

/**
 * A class calls its parent's constructor through its prototype chain, which may be changed; what that returns is `this`
 * from then on. In builds for ES5 the parent is called as `Layer.call(this, args)`: there `call` is ours.
 * @param standIns a class of tfjs and what its constructor is to return.
 * @returns undoes it.
 */
export function redirect(layer: Base, standIns: ReadonlyMap<StandIn, StandIn>): () => void {
  const Layer = layer as unknown as Constructor
  function Redirect(this: unknown, ...args: unknown[]): object {
    const StandInClass = standIns.get(new.target as unknown as StandIn)
    if (StandInClass) return new StandInClass(args[0] as Record<string, unknown>)
    return Reflect.construct(Layer, args, new.target) as object
  }
  Redirect.prototype = Layer.prototype
  Object.setPrototypeOf(Redirect, Layer)
  // SpatialDropout1D extends Dropout: only the classes right below Layer change parents.
  const direct = [...standIns.keys()].filter((Class) => Object.getPrototypeOf(Class) === Layer)
  for (const Class of direct) Object.setPrototypeOf(Class, Redirect)
  const call = Function.prototype.call
  Object.defineProperty(Layer, 'call', {
    configurable: true,
    writable: true,
    value(this: unknown, self: object | null, ...args: unknown[]) {
      const StandInClass = this === Layer && self ? standIns.get(self.constructor as StandIn) : undefined
      if (StandInClass) return new StandInClass(args[0] as Record<string, unknown>)
      return call.apply(this as never, [self, ...args])
    },
  })
  const undo = (): void => {
    for (const Class of direct) Object.setPrototypeOf(Class, Layer)
    delete (Layer as { call?: unknown }).call
  }
  for (const [Class, StandInClass] of standIns)
    if (!(new Class({ name: 'normlab_probe', rate: 0, stddev: 0 }) instanceof StandInClass)) {
      undo()
      throw new NormlabError(
        'tf',
        `this build of tfjs-layers does not let ${Class.name} be replaced`,
        'Use layers of @normlab/tfjs-layers by name',
      )
    }
  return undo
}
