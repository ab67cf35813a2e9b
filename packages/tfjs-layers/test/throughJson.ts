import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers'

/** Saved by a handler and loaded again, its topology as JSON. */
export async function throughJson(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts = {}
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as object
  return loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology }))
}
