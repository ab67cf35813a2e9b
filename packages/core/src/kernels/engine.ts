/** The part of WebAssembly that kernels use. TypeScript has its types only beside those of a browser or of Node. */
export interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
export type Module = object
interface Engine {
  readonly Module: new (bytes: Uint8Array) => Module
  readonly Instance: new (module: Module, imports: object) => { exports: unknown }
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => Memory
  validate(bytes: Uint8Array): boolean
  compile(bytes: Uint8Array): Promise<Module>
}

export const engine = (): Engine | undefined => (globalThis as { WebAssembly?: Engine }).WebAssembly
