import { fieldNames, fields, type FieldName, type PageState } from '@normlab/docs/shift/experiment/fields.ts'
import { valueOf, wants, within } from '@normlab/docs/shift/experiment/state.ts'

type Control = HTMLInputElement | HTMLSelectElement

export const control = (form: HTMLFormElement, name: FieldName): Control =>
  form.elements.namedItem(name) as unknown as Control

export function fillForm(form: HTMLFormElement, state: PageState): void {
  for (const name of fieldNames) {
    control(form, name).value = String(state[name])
    refuse(form, name, '')
  }
  suit(form, state)
}

/** The state that the form says; undefined, with a message at the field, where a field cannot be. */
export function readForm(form: HTMLFormElement): PageState | undefined {
  const state: Record<string, string | number> = {}
  let good = true
  for (const name of fieldNames) {
    const value = valueOf(fields[name], control(form, name).value.trim())
    refuse(form, name, value === undefined ? `Give ${wants(fields[name])}.` : '')
    if (value === undefined) good = false
    else state[name] = value
  }
  if (!good) return undefined
  const whole = within(state as unknown as PageState)
  for (const name of ['layer', 'unit'] as const) control(form, name).value = String(whole[name])
  suit(form, whole)
  return whole
}

/** A whole layer has no one neuron to choose; the network has no layer either. */
function suit(form: HTMLFormElement, { scope, depth, width }: PageState): void {
  control(form, 'layer').disabled = scope === 'network'
  control(form, 'unit').disabled = scope !== 'neuron'
  control(form, 'layer').setAttribute('max', String(depth))
  control(form, 'unit').setAttribute('max', String(width))
}

function refuse(form: HTMLFormElement, name: FieldName, message: string): void {
  const at = control(form, name)
  const note = form.querySelector<HTMLElement>(`#shift-${name}-error`)
  if (message) at.setAttribute('aria-invalid', 'true')
  else at.removeAttribute('aria-invalid')
  if (note) note.textContent = message
}
