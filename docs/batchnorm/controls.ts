/** The numbers of the worked example as controls: the same in both tables. */
import { param } from '@normlab/cell'
import { worked } from './column.ts'

export interface Epoch {
  readonly inputs: readonly number[]
  readonly weight: number
}

/** One neuron with one input, at two epochs. */
export function workedExample(): { readonly before: Epoch; readonly after: Epoch } {
  const one = (name: string, initial: number, label: string) =>
    param(name, initial, { min: -10, max: 10, step: 0.1, label })
  const { before, after } = worked
  return {
    before: {
      inputs: [
        one('first', before.inputs[0], 'Epoch 1: first input'),
        one('second', before.inputs[1], 'Epoch 1: second input'),
      ],
      weight: one('weight', before.weight, 'Epoch 1: weight'),
    },
    after: {
      inputs: [
        one('firstAfter', after.inputs[0], 'Epoch 2: first input'),
        one('secondAfter', after.inputs[1], 'Epoch 2: second input'),
      ],
      weight: one('weightAfter', after.weight, 'Epoch 2: weight'),
    },
  }
}
