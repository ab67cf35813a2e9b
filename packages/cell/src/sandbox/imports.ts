import { parse } from 'es-module-lexer/js'
import type { ImportAt } from './protocol.ts'

/** Where modules are named in JavaScript: in imports, in exports from, and in import('a string'). */
export const importsOf = (code: string): ImportAt[] =>
  parse(code)[0]
    .filter(({ n }) => n !== undefined)
    // In import('x') the quotes belong to the stretch.
    .map(({ s, e, d, n }) => (d > -1 ? [s + 1, e - 1, n!] : [s, e, n!]))
