import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/dropIn.ts', 'src/node.ts', 'src/cli.ts'],
  format: 'esm',
  dts: true,
  platform: 'neutral',
  fixedExtension: false,
})
