/** The bar and the controls of a cell, at build time and for pages that have none. */
import type { Param, ParamValue } from '../events.ts'
import { escape } from './html.ts'

const button = (act: string, words: string, hidden = false) =>
  `<button type="button" data-cell-act="${act}"${hidden ? ' hidden' : ''}>${words}</button>`

/** Buttons, what they say, and the controls. `status` is what is said before anything has run. */
export const barHtml = (params: readonly Param[], status: string): string =>
  `<div class="cell-bar">${button('run', 'Run')}${button('stop', 'Stop', true)}${button('edit', 'Edit')}` +
  `${button('check', 'Check', true)}${button('reset', 'Reset', true)}${button('copy', 'Copy')}${button('share', 'Share')}` +
  `<span class="cell-status" role="status">${escape(status)}</span>` +
  `<progress class="cell-progress" max="1" value="0" aria-label="Progress of the cell" hidden></progress></div>` +
  `<div class="cell-params"${params.length ? '' : ' hidden'}>${params.map((param) => controlHtml(param)).join('')}</div>`

export function controlHtml(param: Param, value: ParamValue = param.initial): string {
  const { name, label, min, max, step, choices } = param
  const named = `name="${escape(name)}" autocomplete="off"`
  if (typeof value === 'boolean')
    return `<label class="cell-check"><input type="checkbox" ${named}${value ? ' checked' : ''}> ${escape(label)}</label>`
  if (typeof value === 'string') {
    const option = (each: string) => `<option${each === value ? ' selected' : ''}>${escape(each)}</option>`
    return `<label>${escape(label)}<select ${named}>${(choices ?? []).map(option).join('')}</select></label>`
  }
  const range = `min="${min}" max="${max}" step="${step ?? 'any'}" value="${value}"`
  // A slider where each step can be hit; else a field to type in.
  return step && (max! - min!) / step <= 200
    ? `<label>${escape(label)}<span><input type="range" ${named} ${range}> <output>${value}</output></span></label>`
    : `<label>${escape(label)}<input type="number" ${named} ${range}></label>`
}
