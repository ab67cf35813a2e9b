import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/kernels/host.ts',
    'src/records/index.ts',
    'src/threads/index.ts',
    'src/testing/index.ts',
  ],
  format: 'esm',
  dts: true,
  platform: 'neutral',
  fixedExtension: false,
  // A file each: a bundler leaves out whole files, but keeps calls in one file that it cannot see through.
  unbundle: true,
})
