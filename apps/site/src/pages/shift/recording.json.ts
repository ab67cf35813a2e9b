import recording from '@normlab/docs/shift/recording.json'

/** The recorded run's distributions: fetched when a reader looks at another neuron. */
export const GET = (): Response => Response.json(recording.packed)
