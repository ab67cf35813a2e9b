/** Writes models as `.keras` files, each with inputs, outputs and hash as JSON: `node -C @normlab/source FILE FOLDER`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { fromKeras, toKeras } from '../src/exchange/keras/index.ts'
import { useCpu } from './cpu.ts'
import { contentHash } from './kerasContent.ts'
import { fill, inputsOf, kerasModels } from './kerasModels.ts'

await useCpu()
const folder = process.argv[2]
mkdirSync(folder, { recursive: true })
const golden = join(import.meta.dirname, '../../../tools/oracle/golden/keras_files')
const asJson = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: Array.from(tensor.dataSync()) })

async function write(name: string, model: LayersModel, inputs: tf.Tensor[]): Promise<void> {
  const outputs = [model.predict(inputs.length > 1 ? inputs : inputs[0]) as tf.Tensor | tf.Tensor[]].flat()
  const bytes = await toKeras(model)
  writeFileSync(join(folder, `${name}.keras`), bytes)
  const hash = await contentHash(bytes)
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ hash, inputs: inputs.map(asJson), outputs: outputs.map(asJson) }),
  )
}

for (const [name, make] of Object.entries(kerasModels)) {
  const model = fill(make())
  await write(name, model, inputsOf(model))
}
for (const file of readdirSync(golden).filter((each) => each.endsWith('.keras'))) {
  const name = file.slice(0, -'.keras'.length)
  const model = await fromKeras(readFileSync(join(golden, file)), { onWarning: () => {} })
  const { inputs } = JSON.parse(readFileSync(join(golden, `${name}.json`), 'utf8')) as {
    inputs: { data: number[]; shape: number[] }[]
  }
  await write(
    `again_${name}`,
    model,
    inputs.map(({ data, shape }, i) => tf.tensor(data, shape, model.inputs[i].dtype)),
  )
}
