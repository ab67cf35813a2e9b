import module from 'node:module'
import { importsOf } from '../sandbox/imports.ts'
import type { Compiled, Edit } from '../sandbox/protocol.ts'

/**
 * Makes a cell ready to run without a compiler: which stretches of its source are types. Every line and column stays.
 * @throws SyntaxError where the source is wrong, or holds what cannot be erased, as `enum`.
 */
export function strip(source: string): Compiled {
  // By the default export: an older Node lacks the function, and could not even load this file.
  if (!module.stripTypeScriptTypes) throw new Error('Stripping types needs Node 22.13 or later')
  const code = module.stripTypeScriptTypes(source)
  if (code.length !== source.length)
    throw new Error('Types were not blanked in place; positions would be wrong')
  const edits: Edit[] = []
  for (let i = 0; i < code.length; i++) {
    if (code[i] === source[i]) continue
    const start = i
    while (i < code.length && (code[i] !== source[i] || code[i] === ' ')) i++
    const text = code.slice(start, i)
    edits.push(/^\s*$/.test(text) ? [start, i] : [start, i, text])
  }
  return { edits, imports: importsOf(code) }
}
