/** Parameters that come from other inputs: a layer is applied to [x, gamma, beta], in the record's order. */
import type { Param } from '@normlab/core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { NormlabError } from './errors.ts'
import { checkSize } from './shape.ts'

interface Conditional {
  readonly name: string
  readonly params: Readonly<Record<string, Param>>
  paramShape(name: string, shape: readonly number[], options?: Record<string, unknown>): number[]
}

const fromInputs = (record: Pick<Conditional, 'params'>) =>
  Object.entries(record.params).filter(([, { from }]) => from === 'input')

/** @throws NormlabError naming `inputs`, where a layer is applied to more or fewer. */
export function checkCount(record: Pick<Conditional, 'name' | 'params'>, count: number): void {
  const names = ['x', ...fromInputs(record).map(([name]) => name)]
  if (count === names.length) return
  throw new NormlabError(
    'inputs',
    `${record.name} got ${count}`,
    names.length > 1 ? `Apply it to [${names.join(', ')}]` : 'Apply it to one tensor',
  )
}

/** @throws NormlabError naming the parameter. */
export function paramsOfInputs(
  record: Conditional,
  others: readonly Tensor[],
  shape: readonly number[],
  options: Record<string, unknown>,
  lay: (t: Tensor, along: string) => Tensor,
): Record<string, Tensor> {
  return Object.fromEntries(
    fromInputs(record).map(([name, { along }], i) => {
      checkSize(name, others[i].shape, record.paramShape(name, shape, options), shape)
      return [name, lay(others[i], along)]
    }),
  )
}
