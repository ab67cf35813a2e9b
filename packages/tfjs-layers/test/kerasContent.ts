import { createHash } from 'node:crypto'
import { readArchive } from '../src/exchange/archive.ts'

/**
 * SHA-256 of what Keras reads from an archive: the config, and each variable's path, shape and bytes. Names that layers give
 * themselves count up with each layer of the process: here they stand as the place where they come first.
 */
export async function contentHash(bytes: Uint8Array): Promise<string> {
  const { config, variables, names } = await readArchive(bytes)
  const seen = new Map<string, string>()
  const own = (name: string) => {
    if (!seen.has(name)) seen.set(name, `#${seen.size}`)
    return seen.get(name)!
  }
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) {
      const history = typeof value[0] === 'string' && typeof value[1] === 'number'
      return history ? [own(value[0]), ...value.slice(1)] : value.map((each) => walk(each, ''))
    }
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, each]) => [k, walk(each, k)]))
    return key === 'name' && typeof value === 'string' && value !== 'float32' ? own(value) : value
  }
  const sorted = <V>(map: ReadonlyMap<string, V>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const hash = createHash('sha256').update(JSON.stringify(walk(config, '')))
  for (const [path] of sorted(names)) hash.update(`${path}\n`)
  for (const [path, { data, shape }] of sorted(variables))
    hash
      .update(`${path} ${shape.join()}\n`)
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('hex')
}
