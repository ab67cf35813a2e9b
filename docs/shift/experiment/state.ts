import { defaultState, fieldNames, fields, type Field, type FieldName, type PageState } from './fields.ts'

/** What an address says; every part of it that cannot be is refused, with a note, and its default stands. */
export function readState(query: string): { state: PageState; notes: string[] } {
  const given = new URLSearchParams(query)
  const state: Record<string, string | number> = { ...defaultState }
  const notes: string[] = []
  for (const [name, text] of given) {
    if (!isField(name)) {
      notes.push(`The address sets “${short(name)}”, which this page does not have.`)
      continue
    }
    const value = valueOf(fields[name], text)
    if (value === undefined)
      notes.push(
        `The address sets ${name} to “${short(text)}”; ${wants(fields[name])} would do. It stays ${defaultState[name]}.`,
      )
    else state[name] = value
  }
  return { state: within(state as unknown as PageState, notes), notes }
}

/** A query that gives the state back; empty where all is as at first. */
export function writeState(state: PageState): string {
  const query = new URLSearchParams()
  for (const name of fieldNames) if (state[name] !== defaultState[name]) query.set(name, String(state[name]))
  const text = query.toString()
  return text && `?${text}`
}

/** A field's value out of a text, or undefined. */
export function valueOf(field: Field, text: string): string | number | undefined {
  if (field.kind === 'choice') return Object.hasOwn(field.options, text) ? text : undefined
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const value = Number(text)
  const good = value >= field.least && value <= field.most && (!field.whole || Number.isInteger(value))
  return good ? value : undefined
}

/** What a field takes, in words. */
export function wants(field: Field): string {
  if (field.kind === 'choice') return `one of ${Object.keys(field.options).join(', ')}`
  return `${field.whole ? 'a whole number' : 'a number'} from ${field.least} to ${field.most}`
}

/** Layer and neuron must be there in a network of this depth and width. */
export function within(state: PageState, notes: string[] = []): PageState {
  const layer = Math.min(state.layer, state.depth)
  const unit = Math.min(state.unit, state.width)
  if (layer !== state.layer)
    notes.push(`There is no layer ${state.layer}: the network has ${state.depth}. Layer ${layer} is shown.`)
  if (unit !== state.unit)
    notes.push(`There is no neuron ${state.unit}: a layer has ${state.width}. Neuron ${unit} is shown.`)
  return { ...state, layer, unit }
}

const isField = (name: string): name is FieldName => Object.hasOwn(fields, name)
const short = (text: string): string => (text.length > 24 ? `${text.slice(0, 24)}…` : text)
