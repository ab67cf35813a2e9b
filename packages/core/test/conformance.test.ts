/** The runner: it passes what is right, fails what is not, and skips by name. */
import { describe, expect, test } from 'vitest'
import { batchNorm } from '../src/index.ts'
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

  test("ONNX's gamma broadcasts against x: with axes of length 1 before, or by the axes that share no statistics", () => {
    const rows = (scales: number[]) =>
      [-1, 1, -1, 1].map((value, i) => value * scales[scales.length === 4 ? i : i >> 1])
    const entry = (op: string, shape: number[], gamma: number[], y: number[]): ConformanceCase => ({
      name: String(shape),
      op,
      attrs: { epsilon: 0 },
      inputs: [
        operand('x', [2, 2], op === 'LayerNormalization' ? [1, 3, 5, 9] : [-1, 1, -2, 2]),
        operand('w', shape, gamma),
      ],
      node_inputs: ['x', 'w'],
      outputs: [operand('y', [2, 2], y)],
    })
    for (const op of ['LayerNormalization', 'RMSNormalization']) {
      expect(runCase(entry(op, [1, 1, 2], [2, 2], rows([2, 2]))).status).toBe('passed')
      expect(runCase(entry(op, [2, 1], [2, 3], rows([2, 3]))).status).toBe('passed')
      expect(runCase(entry(op, [2, 2], [1, 2, 3, 4], rows([1, 2, 3, 4]))).status).toBe('passed')
      expect(runCase(entry(op, [2, 1], [2, 3], rows([3, 2]))).status).toBe('failed')
    }
  })

  test("ONNX's defaults are float32 numbers, and a vector is one channel", () => {
    const inputs = ['x', 's', 'b', 'm', 'v'].map((name, i) => operand(name, [1], [i === 4 ? 0 : i]))
    const y = -3 / Math.sqrt(Math.fround(1e-5)) + 2
    const entry = {
      name: 'v',
      op: 'BatchNormalization',
      opset: 15,
      inputs,
      outputs: [operand('y', [1], [y])],
    }
    expect(runCase(entry)).toMatchObject({ status: 'passed' })
    expect(runCase({ ...entry, attrs: { epsilon: 1e-5 } }).why).toMatch(/off/)
  })

  test('gamma_mode 1+w stores gamma as its distance from 1, in every norm; an unknown mode is named', () => {
    const gamma = operand('gamma', [4], [0, 1, 2, 3])
    const y = operand(
      'y',
      [1, 4],
      [-1.5, -0.5 * 2, 0.5 * 3, 1.5 * 4].map((value) => value / root),
    )
    const change = { inputs: [...right.inputs, gamma], outputs: [y] }
    expect(wrong({ ...change, attrs: { ...right.attrs, gamma_mode: '1+w' } }).status).toBe('passed')
    expect(wrong(change).status).toBe('failed')
    expect(wrong({ ...change, attrs: { ...right.attrs, gamma_mode: '2w' } }).why).toMatch(/gamma_mode/)
  })

  test('RMSNorm may have a beta; groups tell their statistics', () => {
    const rms = {
      op: 'rms_norm',
      inputs: [operand('x', [1, 2], [3, -3]), operand('beta', [2], [1, 2])],
      outputs: [operand('y', [1, 2], [2, 1])],
    }
    expect(wrong(rms)).toMatchObject({ status: 'passed' })
    expect(wrong({ ...rms, inputs: rms.inputs.slice(0, 1) }).status).toBe('failed')
    const groups = {
      op: 'group_norm',
      attrs: { axis: 1, groups: 2, eps: 0 },
      outputs: [operand('mean', [1, 2], [1.5, 3.5]), operand('rstd', [1, 2], [2, 2])],
    }
    expect(wrong(groups)).toMatchObject({ status: 'passed' })
    expect(wrong({ ...groups, attrs: { ...groups.attrs, groups: 4 } }).status).toBe('failed')
  })

  test('backward at given statistics is exact in float64: with those of x it is what training gives', () => {
    const x = [0.3, -1.2, 2.5, 0.7, 1.1, -0.4]
    const slope = [1, -2, 0.5, 0.25, 3, -1]
    const gamma = operand('gamma', [2], [1.5, -0.5])
    const options = { axis: 1, epsilon: 0.1 }
    const tensor = (data: number[], shape: number[]) => ({ data: Float64Array.from(data), shape })
    const given = { gamma: tensor(gamma.data, [2]), beta: tensor([0, 0], [2]) }
    const { saved } = batchNorm.forward(tensor(x, [3, 2]), given, options)
    const gradients = batchNorm.backward(tensor(slope, [3, 2]), saved)
    const entry: ConformanceCase = {
      name: 'b',
      op: 'batch_norm_backward_given_stats',
      attrs: { axis: 1, eps: 0.1 },
      inputs: [
        operand('x', [3, 2], x),
        gamma,
        operand('mean', [2], [...saved.mean!]),
        operand('variance', [2], [...saved.variance!]),
      ],
      outputs: [],
      dy: operand('dy', [3, 2], slope),
      grads: [
        operand('dx', [3, 2], [...gradients.dx.data]),
        operand('dgamma', [2], [...gradients.dgamma.data]),
        operand('dbeta', [2], [...gradients.dbeta.data]),
      ],
    }
    expect(runCase(entry)).toMatchObject({ status: 'passed' })
    expect(runCase({ ...entry, attrs: { axis: 1, eps: 0.2 } }).why).toMatch(/off/)
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
    expect(
      wrong({
        inputs: [
          { ...inputs[0], dtype: 'bfloat16', b64: b64(Uint16Array.of(0x3f80, 0x4000, 0x4040, 0x4080)) },
        ],
      }).status,
    ).toBe('passed')
    expect(
      wrong({ inputs: [{ ...inputs[0], dtype: 'int16', b64: b64(Int16Array.of(1, 2, 3, 4)) }] }).status,
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
