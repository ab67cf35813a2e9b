/** The fused kernels of every backend. Registering asks for none of the backends to be there. */
import { registerCpu } from './cpu.ts'
import { registerTensorflow } from './tensorflow/index.ts'
import { registerWasm } from './wasm.ts'
import { registerWebgl } from './webgl.ts'
import { registerWebgpu } from './webgpu.ts'

export function registerKernels(): void {
  registerCpu()
  registerWasm()
  registerTensorflow()
  registerWebgl()
  registerWebgpu()
}
