import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/host/index.ts',
    'src/element/index.ts',
    'src/build/index.ts',
    'src/sandbox/worker.ts',
    'src/sandbox/frame.ts',
    'src/sandbox/compiler.ts',
    'src/sandbox/diagnose.ts',
  ],
  format: 'esm',
  dts: true,
  platform: 'neutral',
  fixedExtension: false,
  // One file a module: the library's build takes up files by their paths.
  unbundle: true,
  deps: { neverBundle: ['vite'] },
})
