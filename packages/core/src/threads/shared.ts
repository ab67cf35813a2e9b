/** The kernels over a memory that threads share. */
import type { Source } from '../kernels/module.ts'

/** Import section of every module: a memory, `env.memory`, of at least 0 pages and no greatest number. */
const IMPORT = '0103656e76066d656d6f727902'
const PLAIN = `020f${IMPORT}0000`

/** Pages that a memory may grow to, 4 GiB: a shared one must say so, and a module must allow it. */
export const MOST_PAGES = 65536

const made = new WeakMap<Source, Source>()

/** The same kernels, for a shared memory: nothing but the type of the memory they import differs. */
export function sharedSource(source: Source): Source {
  let shared = made.get(source)
  if (!shared) {
    // Flags 3 are shared, with a greatest number of pages, which is 65536 in LEB128.
    shared = { hex: source.hex.replace(PLAIN, `0212${IMPORT}0300808004`) }
    made.set(source, shared)
  }
  return shared
}
