import { activationNames, dataNames, defaultRun, normNames, type RunConfig } from './config.ts'

interface Choice {
  readonly kind: 'choice'
  readonly label: string
  readonly options: Readonly<Record<string, string>>
}

interface Numeric {
  readonly kind: 'number'
  readonly label: string
  readonly least: number
  readonly most: number
  readonly whole: boolean
}

export type Field = Choice | Numeric

const choice = (label: string, names: readonly string[], texts: string[]): Choice => ({
  kind: 'choice',
  label,
  options: Object.fromEntries(names.map((name, i) => [name, texts[i]])),
})
const whole = (label: string, least: number, most: number): Numeric => ({
  kind: 'number',
  label,
  least,
  most,
  whole: true,
})

/** What the reader may set: it decides the form, what an address may say, and what a message calls it. */
export const fields = {
  data: choice('Data', dataNames, ['three spirals', 'two moons', 'your CSV']),
  norm: choice('Normalization', normNames, ['none', 'BatchNorm', 'LayerNorm', 'GroupNorm', 'RMSNorm']),
  activation: choice('Activation', activationNames, ['ReLU', 'tanh', 'sigmoid']),
  depth: whole('Hidden layers', 1, 8),
  width: whole('Units a layer', 2, 64),
  batch: whole('Batch size', 2, 256),
  rate: { kind: 'number', label: 'Learning rate', least: 0.0001, most: 10, whole: false },
  epochs: whole('Epochs', 1, 100),
  seed: whole('Seed', 0, 999_999),
  scope: choice('Show', ['neuron', 'layer', 'network'], ['one neuron', 'a whole layer', 'the network']),
  layer: whole('Layer', 1, 8),
  unit: whole('Neuron', 1, 64),
  side: choice('Values', ['pre', 'post'], ['pre-activation', 'activation']),
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields
export const fieldNames = Object.keys(fields) as FieldName[]

/** All of the page's state. layer and unit are counted from 1, as the reader sees them. */
export interface PageState extends RunConfig {
  readonly scope: 'neuron' | 'layer' | 'network'
  readonly layer: number
  readonly unit: number
  readonly side: 'pre' | 'post'
}

/** The neuron that the recorded figure shows; docs/shift/shift.test.ts holds it to the recording's own choice. */
export const defaultState: PageState = { ...defaultRun, scope: 'neuron', layer: 5, unit: 10, side: 'pre' }

const runNames: FieldName[] = fieldNames.slice(0, fieldNames.indexOf('scope'))

/** True where two states call for the same training run. */
export const sameRun = (a: PageState, b: PageState): boolean => runNames.every((name) => a[name] === b[name])
