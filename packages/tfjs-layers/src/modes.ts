/**
 * Arguments by which Keras turns a layer into a relative of it: `renorm`, `virtualBatchSize` and `synchronized` of
 * BatchNormalization, `rmsScaling` of LayerNormalization. The layer keeps its name, and gets the relative's record.
 */
import {
  batchNorm,
  cellMoments,
  gain,
  ghostBatchNorm,
  layerNorm,
  norm,
  scaleFactor,
  type AnyNorm,
} from '@normlab/core'
import { NormlabError, show } from './errors.ts'
import { optionDefaults } from './keras.ts'
import { NO_BOUND, renormalized } from './renorm.ts'
import { choosesTracking } from './running.ts'
import { weightArguments } from './weights.ts'

type Config = Readonly<Record<string, unknown>>
export interface Mode {
  readonly record: AnyNorm
  /** Options of the record that the layer's own arguments do not name, under core's names. */
  readonly hidden: Record<string, number>
  /** The mode's part of getConfig. */
  readonly config: Record<string, unknown>
}

const isPositive = (value: unknown) => Number.isInteger(value) && (value as number) > 0

function ghost({ virtualBatchSize: m }: Config): Mode {
  if (!isPositive(m)) throw new NormlabError('virtualBatchSize', show(m), 'Give a positive integer')
  const { stats } = ghostBatchNorm
  const record = norm({
    ...batchNorm,
    stats,
    options: { ...batchNorm.options, m: 32 },
  })
  return { record: record as unknown as AnyNorm, hidden: { m: m as number }, config: { virtualBatchSize: m } }
}

function renorm({ renormClipping, renormMomentum = 0.99, center, scale }: Config): Mode {
  const given = (renormClipping ?? {}) as Record<string, unknown>
  const bounds = { rmax: NO_BOUND, rmin: 0, dmax: NO_BOUND }
  const refuse = (got: unknown): never => {
    throw new NormlabError(
      'renormClipping',
      show(got),
      'Give { rmax, rmin, dmax }, numbers from 0, rmin at most rmax',
    )
  }
  if (typeof given !== 'object') refuse(given)
  for (const [key, value] of Object.entries(given))
    if (!(key in bounds) || (value !== null && !(typeof value === 'number' && value >= 0))) refuse(given)
  const { rmax, rmin, dmax } = {
    ...bounds,
    ...Object.fromEntries(Object.entries(given).filter(([, v]) => v !== null)),
  }
  if ((rmin as number) > (rmax as number)) refuse(given)
  if (!(typeof renormMomentum === 'number' && renormMomentum >= 0 && renormMomentum <= 1))
    throw new NormlabError(
      'renormMomentum',
      show(renormMomentum),
      'Give the weight of the old value, from 0 to 1',
    )
  return {
    record: renormalized({ center: center !== false, scale: scale !== false }),
    hidden: { rMax: rmax, rMin: rmin, dMax: dmax, renormMomentum },
    config: {
      renorm: true,
      renormClipping: renormClipping ? { ...given } : null,
      renormMomentum,
      center: center !== false,
      scale: scale !== false,
    },
  }
}

/** Keras's old `rms_scaling`: x over its standard deviation, not centred, times gamma. */
const rmsScaling = norm({
  ...layerNorm,
  params: gain('c'),
  apply(t, x, { gamma }, _state, { epsilon }) {
    const { variance } = cellMoments(t, x, 'n s', 'std', true)
    return { y: t.mul(t.mul(x, scaleFactor(t, 'std', variance, epsilon as number)), gamma) }
  },
}) as unknown as AnyNorm

const isOn = (value: unknown): boolean => value !== undefined && value !== null && value !== false

const rules: Readonly<Record<string, Readonly<Record<string, (config: Config) => Mode>>>> = {
  BatchNorm: { virtualBatchSize: ghost, renorm },
  LayerNorm: {
    rmsScaling: () => ({
      record: rmsScaling,
      hidden: {},
      config: { rmsScaling: true, center: false, scale: true },
    }),
  },
}

/** Arguments that a record's layer has for the sake of its relatives. */
const known: Readonly<Record<string, readonly string[]>> = {
  BatchNorm: ['virtualBatchSize', 'renorm', 'renormClipping', 'renormMomentum', 'synchronized', 'allReduce'],
  LayerNorm: ['rmsScaling'],
}

/**
 * The record that the config asks for.
 * @throws NormlabError naming the argument, where two are given that exclude each other.
 */
export function modeOf(record: AnyNorm, config: unknown): Mode {
  const given = (config ?? {}) as Config
  const on = Object.entries(rules[record.name] ?? {}).filter(([name]) => isOn(given[name]))
  if (on.length === 0) return { record, hidden: {}, config: {} }
  const both = [...on.map(([name]) => name), ...(given.synchronized ? ['synchronized'] : [])]
  if (both.length > 1) throw new NormlabError(both[1], `it stands beside ${both[0]}`, 'Give one of them')
  return on[0][1](given)
}

/** Names of all arguments that a record's layer takes, besides those of every layer. */
export const argumentsOf = (original: AnyNorm, mode: Mode = modeOf(original, {})): string[] => [
  'axis',
  ...Object.keys(defaultsOf(mode)),
  ...new Set([...weightArguments(original), ...weightArguments(mode.record)]),
  ...(choosesTracking(mode.record) ? ['trackRunningStats'] : []),
  ...(known[original.name] ?? []),
]

export const defaultsOf = ({ record, hidden }: Mode): Record<string, number | string> =>
  Object.fromEntries(Object.entries(optionDefaults(record)).filter(([name]) => !(name in hidden)))
