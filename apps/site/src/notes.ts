/** The notes, in the order in which they are read: of the sidebar, of previous and next, and of the start page. */
export const notes = [
  {
    slug: 'activations',
    label: 'What is an activation?',
    about: 'Two numbers in every neuron, before and after its function. A network to tap.',
  },
  {
    slug: 'scaling',
    label: 'Inputs on one scale',
    about: 'What a wide range does to the loss, and three ways to take it out.',
  },
  {
    slug: 'shift',
    label: 'The shifting neuron',
    about: 'What moves during training, who moves it, and whether it matters.',
  },
  {
    slug: 'batchnorm',
    label: 'Batch normalization',
    about: 'The transform, step by step, and what is left of it one layer on.',
  },
  {
    slug: 'inference',
    label: 'From training to inference',
    about: 'Where the statistics come from when there is no batch.',
  },
  {
    slug: 'axes',
    label: 'Which axis?',
    about: 'BatchNorm, LayerNorm and the rest, each from one line that you can write.',
  },
  {
    slug: 'dropout',
    label: 'Dropout',
    about: 'Units that are silenced at random, and what BatchNorm makes of it.',
  },
] as const
