/** The tapped network as figures, as a table, and in a sentence: the same when the site is built and when it is tapped. */
import { summaryOf } from '@normlab/core'
import { functions } from '@normlab/docs/activations/functions.ts'
import { accuracy, EXAMPLES, type Pass } from '@normlab/docs/activations/network.ts'
import { layersOf, pointsOf } from '@normlab/docs/activations/points.ts'
import { histograms, unitNetwork, unitPlaces, type PointOfUnit } from '@normlab/viz'
import { labels } from './runs.ts'
import { nameOf, UNITS, type TapState } from './state.ts'

/** The network is laid out for a phone, and grows with its column. */
const WIDTH = 300

export const networkOf = (state: TapState, passes: readonly Pass[], id: string): string =>
  unitNetwork(layersOf(passes, state), { width: WIDTH, id, tapped: [state.layer, state.unit] })

/** Left, top, width and height of each unit's box, in percent of the network's figure. */
export function boxesOf(state: TapState, passes: readonly Pass[]) {
  const { places, height } = unitPlaces(layersOf(passes, state), { width: WIDTH })
  return places.map(({ layer, unit, ...box }) => ({
    layer,
    unit,
    style: `left:${percent(box.x / WIDTH)};top:${percent(box.y / height)};width:${percent(box.width / WIDTH)};height:${percent(box.height / height)}`,
  }))
}
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`

const tapped = (state: TapState, passes: readonly Pass[]): PointOfUnit[] =>
  pointsOf(passes, state, state.layer, state.unit)

export const histogramsOf = (state: TapState, passes: readonly Pass[], width: number, id: string): string =>
  histograms(tapped(state, passes), {
    width,
    id,
    threads: 16,
    xLabel: `value over ${EXAMPLES} examples (dimensionless)`,
    title: nameOf(state.layer, state.unit),
  })

export interface TableRow {
  readonly label: string
  readonly cells: readonly string[]
}
export const COLUMNS = ['mean', 'std', 'least', 'greatest', 'exactly 0']
export const tableOf = (state: TapState, passes: readonly Pass[]): TableRow[] =>
  tapped(state, passes).map(({ label, values }) => {
    const { mean, variance, min, max } = summaryOf(values)
    return {
      label,
      cells: [...[mean, Math.sqrt(variance), min, max].map(said), `${Math.round(100 * zeros(values))}%`],
    }
  })

const said = (value: number): string => {
  const word = value.toFixed(2)
  return Number(word) === 0 ? '0.00' : word.replace('-', '−')
}
const zeros = (values: ArrayLike<number>): number =>
  Array.from(values).filter((value) => value === 0).length / values.length

/** What the two sides show of this unit. */
export function findingOf(state: TapState, passes: readonly Pass[]): string {
  const name = nameOf(state.layer, state.unit)
  const capital = name[0].toUpperCase() + name.slice(1)
  if (state.layer === 0)
    return `${capital} has one side only: it comes from outside, and nothing was done to it.`
  const last = state.layer === UNITS.length - 1
  const { activation } = state
  const pass = passes[state.layer - 1]
  const [into, a] = [pass.into, pass.a].map((values) =>
    values.filter((_, i) => i % UNITS[state.layer] === state.unit),
  )
  const [before, after] = [into, a].map((values) => summaryOf(values))
  const right = `The network gets ${Math.round(100 * accuracy(passes, labels))}% of the examples right.`
  if (last) return `${capital}: a sigmoid turns the pre-activation into a probability. ${right}`
  if (activation === 'none')
    return `${capital}: without a function the two sides are one and the same, and the whole network is one linear layer. ${right}`
  if (activation === 'relu') {
    const share = zeros(a)
    if (share === 1)
      return `${capital} is dead: no pre-activation is above 0, its activation is 0 for every example, and it learns nothing. ${right}`
    if (share === 0)
      return `${capital}: every pre-activation is above 0, so ReLU changes none of them. For these examples the unit is linear. ${right}`
    return `${capital}: ReLU turns ${Math.round(100 * share)}% of the pre-activations into exactly 0 and leaves the others as they are. The mean goes from ${said(before.mean)} to ${said(after.mean)}. ${right}`
  }
  const { label } = functions[activation]
  return `${capital}: ${label.split(' ')[0]} maps pre-activations from ${said(before.min)} to ${said(before.max)} to activations from ${said(after.min)} to ${said(after.max)}. ${right}`
}
