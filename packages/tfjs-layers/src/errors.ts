import { NormlabError } from '@normlab/core'

export { NormlabError }

/** A short printable form of any value, for error messages. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'number' || value === undefined) return String(value)
  return JSON.stringify(value) ?? String(value)
}
