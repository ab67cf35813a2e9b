/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 took away, and `util.isArray`, which has been warned about
 * since. It reads both at each call from the object that `require('util')` gives.
 */
import { createRequire } from 'node:module'

/** The same as a script, for a process of its own. */
export const SHIM = `
const util = require('node:util')
if (!util.isNullOrUndefined) {
  util.isNullOrUndefined = (value) => value === null || value === undefined
  util.isArray = Array.isArray
}
`

/** Puts the two back, on a Node that lacks them. */
export function mendUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>
  if (util.isNullOrUndefined) return
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined
  util.isArray = Array.isArray
}
