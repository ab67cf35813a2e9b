/** A short printable form of any value, for error messages. */
export function show(value: unknown): string {
  if (typeof value === 'number' || value === undefined || typeof value === 'bigint') return String(value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(show).join(', ')}${value.length > 8 ? ', …' : ''}]`
  if (typeof value === 'object' && value !== null) return `{ ${Object.keys(value).slice(0, 6).join(', ')} }`
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
