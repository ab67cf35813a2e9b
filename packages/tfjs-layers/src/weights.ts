/** The weights that a record gives its layer, and their arguments in the config. */
import type { NormRecord, Plan } from '@normlab/core'
import { initializers } from '@tensorflow/tfjs-layers'
import {
  resolveObject,
  serializeObject,
  type Constraint,
  type Initializer,
  type Regularizer,
} from './identifiers.ts'
import { flags } from './keras.ts'

export interface WeightSpec {
  /** Name in the record: a parameter's, or `mean` and `variance` of the running state. */
  readonly key: string
  /** Name of the weight, as stock tfjs and Keras have it. */
  readonly name: string
  /** Beginning of its arguments: `movingMean` of `movingMeanInitializer`. */
  readonly argument: string
  readonly along: string
  readonly init: number | 'normal'
  /** Written by the layer in training, not trained. */
  readonly moving: boolean
  /** Argument of the config that leaves it out where it is false. */
  readonly flag?: string
}

export interface Weight extends WeightSpec {
  /** False where a flag such as `center: false` leaves it out. */
  readonly used: boolean
  readonly initializer: Initializer
  readonly regularizer: Regularizer | undefined
  readonly constraint: Constraint | undefined
}

/** What weights follow from, in records of either kind. */
type Weighted = Pick<NormRecord, 'params' | 'running' | 'state'> & { readonly apply?: unknown }

export function weightSpecs(record: Weighted): WeightSpec[] {
  const trained = Object.entries(record.params)
    .filter(([, { from }]) => from !== 'input')
    .map(([key, { along, init }]) => ({
      key,
      name: key,
      argument: key,
      along,
      init,
      moving: false,
      // What gamma and beta are to a forward of its own, the record alone knows.
      flag: record.apply ? undefined : (flags as Record<string, string>)[key],
    }))
  const own = Object.entries(record.state ?? {}).map(([key, { along, init }]) => ({
    key,
    name: key,
    argument: key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    along,
    init,
    moving: true,
  }))
  const along = record.running
  if (along === undefined) return [...trained, ...own]
  const moving = (key: string, argument: string, init: number): WeightSpec => ({
    key,
    name: `moving_${key}`,
    argument,
    along,
    init,
    moving: true,
  })
  return [...trained, moving('mean', 'movingMean', 0), moving('variance', 'movingVariance', 1)]
}

const kindsOf = ({ moving }: WeightSpec) =>
  moving ? (['Initializer'] as const) : (['Initializer', 'Regularizer', 'Constraint'] as const)

/** Names of all arguments that the weights take. */
export function weightArguments(record: Weighted): string[] {
  return weightSpecs(record).flatMap((spec) => [
    ...(spec.flag ? [spec.flag] : []),
    ...kindsOf(spec).map((kind) => spec.argument + kind),
  ])
}

/** @param given the layer's config. */
export function configureWeights(record: Weighted, given: Readonly<Record<string, unknown>>): Weight[] {
  return weightSpecs(record).map((spec) => {
    const { argument, init, moving, flag } = spec
    const object = <K extends 'Initializer' | 'Regularizer' | 'Constraint'>(kind: K) =>
      resolveObject(kind, argument + kind, given[argument + kind])
    return {
      ...spec,
      used: flag === undefined || given[flag] !== false,
      initializer: object('Initializer') ?? initial(init),
      regularizer: moving ? undefined : object('Regularizer'),
      constraint: moving ? undefined : object('Constraint'),
    }
  })
}

function initial(value: number | 'normal'): Initializer {
  if (value === 'normal') return initializers.randomNormal({ mean: 0, stddev: 1, seed: 1 })
  if (value === 0) return initializers.zeros()
  return value === 1 ? initializers.ones() : initializers.constant({ value })
}

/** The weights' part of getConfig. */
export function weightConfig(weights: readonly Weight[]) {
  return Object.fromEntries(
    weights.flatMap((weight) => {
      const { argument, used, flag } = weight
      const objects = kindsOf(weight).map((kind) => {
        const name = kind.toLowerCase() as Lowercase<typeof kind>
        return [argument + kind, serializeObject(weight[name])] as const
      })
      return flag ? [[flag, used] as const, ...objects] : objects
    }),
  )
}

/**
 * Axes of x whose size that of an array kept along `along` follows from.
 * @param given sizes that options say: a part of such a size needs none of its axis.
 */
export function axesAlong(
  { pattern, binding }: Plan,
  along: string,
  given: Readonly<Record<string, unknown>>,
): number[] {
  const names = along
    .split(/\s+/)
    .filter(Boolean)
    .filter((name) => given[name] === undefined)
  return pattern.axes
    .filter(({ name, parts }) => names.includes(name) || parts.some((part) => names.includes(part)))
    .flatMap(({ name }) => binding[name])
}
