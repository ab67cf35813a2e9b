/** An ONNX model of one node, written field by field (onnx.proto): no protobuf library for five messages. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
const text = (value: string): number[] => [...new TextEncoder().encode(value)]
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content,
]
const integer = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)]
const float = (field: number, value: number): number[] => [
  ...varint((field << 3) | 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
]

/** ValueInfoProto of a float tensor. */
function valueInfo(name: string, shape: readonly number[]): number[] {
  const dims = shape.flatMap((size) => bytes(1, integer(1, size)))
  const tensor = [...integer(1, 1), ...bytes(2, dims)]
  return [...bytes(1, text(name)), ...bytes(2, bytes(1, tensor))]
}

const OPERATORS: Record<string, { type: string; inputs: string[]; opset: number }> = {
  layerNorm: { type: 'LayerNormalization', inputs: ['x', 'gamma', 'beta'], opset: 17 },
  instanceNorm: { type: 'InstanceNormalization', inputs: ['x', 'gamma', 'beta'], opset: 17 },
  batchNorm: { type: 'BatchNormalization', inputs: ['x', 'gamma', 'beta', 'mean', 'variance'], opset: 17 },
}

/** The model of an operation over x of `shape`; y has x's shape. */
export function normalization(op: string, shape: readonly number[]): Uint8Array {
  const { type, inputs, opset } = OPERATORS[op]
  const channels = op === 'layerNorm' ? shape.at(-1)! : shape[1]
  // AttributeProto: name, f, type FLOAT.
  const epsilon = [...bytes(1, text('epsilon')), ...float(2, 1e-5), ...integer(20, 1)]
  const node = [
    ...inputs.flatMap((name) => bytes(1, text(name))),
    ...bytes(2, text('y')),
    ...bytes(4, text(type)),
    ...bytes(5, epsilon),
  ]
  const graph = [
    ...bytes(1, node),
    ...bytes(2, text('g')),
    ...inputs.flatMap((name) => bytes(11, valueInfo(name, name === 'x' ? shape : [channels]))),
    ...bytes(12, valueInfo('y', shape)),
  ]
  // ModelProto: ir_version, graph, opset_import.
  return Uint8Array.from([...integer(1, 8), ...bytes(7, graph), ...bytes(8, integer(2, opset))])
}
