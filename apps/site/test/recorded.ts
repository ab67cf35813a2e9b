import { neuron, recording } from '@normlab/docs/shift/facts.ts'
import { picture, recorded, type Side } from '../src/shift/pictures.ts'

export const facts = recording.run

/** The sentence under a figure of the recorded run. */
export const recordedFinding = (side: Side): string =>
  picture(recorded(recording.packed), neuron, { width: 400 }).caption[side]
