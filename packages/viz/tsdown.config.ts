import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/elements/index.ts', 'src/elements/axes.ts', 'src/elements/ridgeline.ts'],
  format: 'esm',
  dts: true,
  platform: 'neutral',
  fixedExtension: false,
  // One file a module: else the registering code moves into a shared chunk, which `sideEffects` does not name.
  unbundle: true,
})
