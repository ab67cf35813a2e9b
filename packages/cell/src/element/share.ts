/** A cell's state in the address: code, where it was edited, and parameters. Nothing of it runs by itself. */
import type { ParamValue } from '../events.ts'

/** Characters of code that a link may unfold to. */
const MOST = 200_000

export interface Shared {
  readonly code?: string
  readonly params: Readonly<Record<string, ParamValue>>
}

const through = (bytes: BlobPart, stream: GenericTransformStream) =>
  new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)

async function squeeze(text: string): Promise<string> {
  const bytes = new Uint8Array(
    await new Response(through(text, new CompressionStream('deflate-raw'))).arrayBuffer(),
  )
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @throws Error where the text is no code, or more than a cell holds. */
async function unfold(text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  )
  const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader()
  const decoder = new TextDecoder()
  let code = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    code += decoder.decode(part.value, { stream: true })
    if (code.length > MOST) throw new Error('longer than a cell')
  }
  return code
}

/** `#cell=shift-watch&code=...&size=16` */
export async function hashFor(id: string, { code, params }: Shared): Promise<string> {
  const query = new URLSearchParams()
  query.set('cell', id)
  for (const [name, value] of Object.entries(params)) query.set(`p.${name}`, JSON.stringify(value))
  if (code !== undefined) query.set('code', await squeeze(code))
  return `#${query}&`
}

/** What the address says of this cell, or undefined. Values may be of any kind: a parameter takes what fits it. */
export async function readHash(hash: string, id: string): Promise<Shared | undefined> {
  const query = new URLSearchParams(hash.slice(1))
  if (query.get('cell') !== id) return undefined
  const given = [...query].filter(([name]) => /^p\.[A-Za-z]\w{0,30}$/.test(name)).slice(0, 50)
  const params = Object.fromEntries(
    given
      .map(([name, text]) => [name.slice(2), parsed(text)] as const)
      .filter((pair): pair is [string, ParamValue] => pair[1] !== undefined),
  )
  const code = query.get('code')
  if (code === null) return { params }
  const unfolded = await unfold(code).catch((cause: Error) => {
    throw new Error(`The code in the link cannot be read: ${cause.message || cause.name}`, { cause })
  })
  return { code: unfolded, params }
}

function parsed(text: string): ParamValue | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
      ? value
      : undefined
  } catch {
    return undefined
  }
}
