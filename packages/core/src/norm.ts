/** Turns a record of a normalization into its forward and backward. */
import { serveBrackets } from './brackets.ts'
import { build } from './build.ts'
import { full } from './full.ts'
import { serveAll } from './kernels/serve.ts'
import type { Norm } from './normTypes.ts'
import { recordOf } from './record.ts'
import type { NormDefinition } from './variant.ts'

/**
 * Makes a normalization from its record.
 * @throws NormlabError when the record contradicts itself.
 */
/* @__NO_SIDE_EFFECTS__ */
export function norm<const R extends NormDefinition>(definition: R): Norm<R> {
  serveBrackets()
  serveAll()
  return build(recordOf(definition), full) as unknown as Norm<R>
}
