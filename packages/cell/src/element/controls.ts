/** The controls of a cell's parameters. */
import type { Param, ParamValue } from '../events.ts'
import { controlHtml } from '../host/markup.ts'
import { fits } from '../param.ts'

type Values = Readonly<Record<string, ParamValue>>

export class Controls {
  readonly #box: HTMLElement
  #params: readonly Param[]
  /** What a link brought for parameters that are not known before its code has run. */
  #pending: Values = {}

  constructor(box: HTMLElement, params: readonly Param[]) {
    this.#box = box
    this.#params = params
  }

  /** What the cell is given. It takes what fits. */
  get chosen(): Record<string, ParamValue> {
    return {
      ...this.#pending,
      ...Object.fromEntries(this.#params.map((param) => [param.name, this.#valueOf(param)])),
    }
  }

  /** Without what stands at its initial value. */
  get changed(): Record<string, ParamValue> {
    const same = (name: string, value: ParamValue) =>
      this.#params.find((each) => each.name === name)?.initial === value
    return Object.fromEntries(Object.entries(this.chosen).filter(([name, value]) => !same(name, value)))
  }

  set(values: Values): void {
    this.#pending = values
    for (const param of this.#params) {
      const control = this.#control(param.name)
      const value = values[param.name]
      if (!control || !fits(param, value)) continue
      if (control instanceof HTMLInputElement && control.type === 'checkbox') control.checked = value === true
      else control.value = String(value)
    }
    this.moved()
  }

  /** Writes the numbers beside the sliders. */
  moved(): void {
    for (const output of this.#box.querySelectorAll('output'))
      output.textContent = (output.previousElementSibling as HTMLInputElement | null)?.value ?? ''
  }

  /** Edited code may have other parameters. Values that are set stay. */
  replace(params: readonly Param[]): void {
    if (JSON.stringify(params) === JSON.stringify(this.#params)) return
    const values = this.chosen
    const valueOf = (param: Param) => (fits(param, values[param.name]) ? values[param.name] : param.initial)
    this.#box.innerHTML = params.map((param) => controlHtml(param, valueOf(param))).join('')
    this.#box.hidden = params.length === 0
    this.#params = params
    this.#pending = {}
  }

  /** As the cell was written. */
  reset(params: readonly Param[]): void {
    this.#params = []
    this.#pending = {}
    this.#box.replaceChildren()
    this.replace(params)
    this.#box.hidden = params.length === 0
  }

  #control(name: string): HTMLInputElement | HTMLSelectElement | null {
    return this.#box.querySelector(`[name="${CSS.escape(name)}"]`)
  }

  #valueOf(param: Param): ParamValue {
    const control = this.#control(param.name)
    if (!control) return param.initial
    const value =
      typeof param.initial === 'boolean'
        ? (control as HTMLInputElement).checked
        : typeof param.initial === 'number'
          ? Number(control.value)
          : control.value
    return fits(param, value) ? value : param.initial
  }
}
