/** The kernels over a memory that threads share. */
import type { Source } from '../kernels/module.ts'
import { encode } from '../kernels/text.ts'

/** Import section of every module: a memory, `env.memory`, of at least 0 pages and no greatest number. */
const IMPORT = [1, 3, ...ascii('env'), 6, ...ascii('memory'), 2]
const PLAIN = [2, 15, ...IMPORT, 0, 0]
/** Flags 3 are shared, with a greatest number of pages, which is 65536 in LEB128. */
const SHARED = [2, 18, ...IMPORT, 3, 0, 0x80, 0x80, 4]

/** Pages that a memory may grow to, 4 GiB: a shared one must say so, and a module must allow it. */
export const MOST_PAGES = 65536

const textOf = (bytes: number[]): string => encode(Uint8Array.from(bytes))

const made = new WeakMap<Source, Source>()

/** The same kernels, for a shared memory: nothing but the type of the memory they import differs. */
export function sharedSource(source: Source): Source {
  let shared = made.get(source)
  if (!shared) {
    shared = { text: source.text.replace(textOf(PLAIN), textOf(SHARED)) }
    made.set(source, shared)
  }
  return shared
}

function ascii(name: string): number[] {
  return Array.from(name, (char) => char.charCodeAt(0))
}
