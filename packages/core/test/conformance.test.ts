/** The runner: it passes what is right, fails what is not, and skips by name. */
import { describe, expect, test } from 'vitest'
import { runCase, type ConformanceCase } from '../src/testing/index.ts'

declare const Buffer: { from(bytes: ArrayBuffer): { toString(encoding: 'base64'): string } }

const operand = (name: string, shape: number[], data: number[], dtype = 'float64') => ({
  name,
  shape,
  dtype,
  data,
})
const root = Math.sqrt(1.25)
const right: ConformanceCase = {
  name: 'a row',
  op: 'layer_norm',
  attrs: { axes: [-1], eps: 0 },
  inputs: [operand('x', [1, 4], [1, 2, 3, 4])],
  outputs: [
    operand(
      'y',
      [1, 4],
      [-1.5, -0.5, 0.5, 1.5].map((value) => value / root),
    ),
  ],
}
const wrong = (change: Partial<ConformanceCase>) => runCase({ ...right, ...change })

describe('conformance runner', () => {
  test('passes a right case', () =>
    expect(runCase(right)).toEqual({ name: 'a row', op: 'layer_norm', status: 'passed' }))

  test.each([
    [
      'a value that is off by 1e-9',
      {
        outputs: [
          operand(
            'y',
            [1, 4],
            [-1.5, -0.5, 0.5, 1.5 + 1e-9].map((value) => value / root),
          ),
        ],
      },
      /y: reference is .* off/,
    ],
    [
      'a tolerance that is missed',
      { tol: 1e-3, outputs: [operand('y', [1, 4], [0, 0, 0, 0])] },
      /wanted within 0.001/,
    ],
    ['an output that nobody serves', { outputs: [operand('z', [1], [0])] }, /z: not served/],
    [
      'a wrong gradient',
      { dy: operand('dy', [1, 4], [1, 0, 0, 0]), grads: [operand('dx', [1, 4], [1, 0, 0, 0])] },
      /dx: reference/,
    ],
    [
      'a wrong second order',
      {
        dy: operand('dy', [1, 4], [1, 0, 0, 0]),
        second_order: {
          v: operand('v', [1, 4], [1, 2, 0, 1]),
          d_dx_v_dx: operand('ddx', [1, 4], [9, 9, 9, 9]),
        },
      },
      /d_dx_v_dx: reference/,
    ],
    ['gradients without dy', { grads: [operand('dx', [1, 4], [1, 0, 0, 0])] }, /neither dy nor loss/],
    ['bad data', { inputs: [operand('x', [1, 4], [1])] }, /threw x.data: 1 values/],
    ['a missing input', { inputs: [] }, /threw x: the case has no such input/],
  ])('fails %s', (_, change, why) => {
    const result = wrong(change)
    expect(result.status).toBe('failed')
    expect(result.why).toMatch(why)
  })

  test('skips what no variant serves, and what is superseded, by name', () => {
    expect(wrong({ op: 'mystery_norm' })).toMatchObject({
      status: 'skipped',
      why: 'no variant serves mystery_norm yet',
    })
    expect(wrong({ superseded: true })).toMatchObject({ status: 'skipped', why: 'superseded' })
  })

  test("goes by op and attributes: opset 18's GroupNormalization has gamma a group, opset 21's a channel", () => {
    const inputs = [operand('x', [1, 4], [1, 3, 1, 3]), operand('s', [2], [1, 10]), operand('b', [2], [0, 5])]
    const entry = {
      name: 'g',
      op: 'GroupNormalization',
      attrs: { num_groups: 2, epsilon: 0 },
      inputs,
      node_inputs: ['x', 's', 'b'],
      outputs: [operand('y', [1, 4], [-1, 1, -5, 15])],
    }
    expect(runCase({ ...entry, opset: 18 }).status).toBe('passed')
    expect(runCase({ ...entry, opset: 21 }).why).toMatch(/does not broadcast to \[4\]/)
  })

  test('reads base64 of every type', () => {
    const b64 = (bytes: ArrayBufferView) => Buffer.from(bytes.buffer as ArrayBuffer).toString('base64')
    const inputs = [
      {
        name: 'x',
        shape: [1, 4],
        dtype: 'float16',
        b64: b64(Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400)),
      },
    ]
    expect(wrong({ inputs }).status).toBe('passed')
    expect(
      wrong({ inputs: [{ ...inputs[0], dtype: 'float32', b64: b64(Float32Array.of(1, 2, 3, 4)) }] }).status,
    ).toBe('passed')
    expect(wrong({ inputs: [{ ...inputs[0], dtype: 'complex64' }] }).why).toMatch(/dtype/)
  })

  test("masks, losses and axes out of order follow the file's README", () => {
    const dropout = {
      name: 'd',
      op: 'dropout',
      attrs: { rate: 0.5 },
      inputs: [operand('x', [2], [1, 2])],
      outputs: [operand('y', [2], [0, 4])],
      loss: 'mean(y)',
      grads: [operand('dx', [2], [0, 1])],
    }
    expect(runCase(dropout)).toEqual({ name: 'd', op: 'dropout', status: 'passed' })
    expect(runCase({ ...dropout, loss: 'median(y)' }).why).toMatch(/unknown loss/)
    const x = operand('x', [1, 2, 2], [1, 2, 3, 4])
    const gamma = operand('gamma', [2, 2], [1, 2, 3, 4])
    const y = operand(
      'y',
      [1, 2, 2],
      [-1.5, -0.5 * 3, 0.5 * 2, 1.5 * 4].map((value) => value / root),
    )
    expect(
      runCase({ ...right, attrs: { axes: [2, 1], eps: 0 }, inputs: [x, gamma], outputs: [y] }).status,
    ).toBe('passed')
  })
})
