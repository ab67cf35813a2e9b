/** Writes `entries` into the page's address, in place of what stood under `keys`. What others wrote stays. */
export function writeAddress(keys: readonly string[], entries: URLSearchParams): void {
  const query = new URLSearchParams(location.search)
  for (const key of keys) query.delete(key)
  for (const [key, value] of entries) query.set(key, value)
  history.replaceState(null, '', `${location.pathname}${query.size ? `?${query}` : ''}${location.hash}`)
}
