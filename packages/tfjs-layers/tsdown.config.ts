import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    dropIn: 'src/dropIn.ts',
    node: 'src/node.ts',
    cli: 'src/cli.ts',
    keras: 'src/exchange/keras/index.ts',
    safetensors: 'src/exchange/safetensors/index.ts',
    surgery: 'src/surgery/index.ts',
  },
  format: 'esm',
  dts: true,
  platform: 'neutral',
  fixedExtension: false,
})
