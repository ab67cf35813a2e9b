/** What the field calls a normalization and what is no record here, with the reason. Numbers are of no list: names are. */
export interface LeftOut {
  readonly names: string
  readonly reason: string
}

export const leftOut: readonly LeftOut[] = [
  {
    names: 'Synchronous BatchNorm',
    reason: 'BatchNorm over merged statistics: synchronized(allReduce) of core.',
  },
  { names: 'Frozen BatchNorm', reason: 'BatchNorm with training: false.' },
  {
    names: 'In-place activated BatchNorm',
    reason: 'The same values as BatchNorm and its activation, with less memory.',
  },
  {
    names:
      'Pre-LN, Post-LN, Sandwich-LN, Sub-LN, Peri-LN, ResiDual, Mix-LN, HybridNorm, NormFormer, DeepNorm',
    reason: 'Placements: where a LayerNorm stands in a block, not how it computes.',
  },
  {
    names: 'nGPT, Fixup, T-Fixup, SimpleGPT',
    reason: 'Recipes for a whole network: initial values, steps and placements together.',
  },
  {
    names: 'Adaptive gradient clipping',
    reason: 'A rule of the optimizer. The weights of NFNets are ScaledWeightStandardization.',
  },
  { names: 'GradNorm', reason: 'Balances the losses of several tasks; it normalizes no layer.' },
  { names: 'MC dropout', reason: 'Dropout with training: true at test, averaged.' },
  { names: 'LayerDrop, R-Drop', reason: 'Drop layers, or compare two passes: the training loop does that.' },
  { names: 'PatchDropout', reason: 'Changes the number of tokens, so that y has not x’s shape.' },
  {
    names: 'Decorrelated BatchNorm, IterNorm',
    reason: 'Whitening needs products of channels with channels, which Ops does not have.',
  },
  {
    names: 'PowerNorm',
    reason:
      'Its published backward is not the gradient of its forward, and keeps a running average of its own, which a backward that mutates nothing cannot.',
  },
  {
    names: 'Online Normalization, Cross-Iteration BatchNorm, Moving-Average BatchNorm',
    reason: 'Statistics run over past examples or steps, which a call does not see.',
  },
  {
    names: 'CrossNorm, SelfNorm',
    reason: 'Swap statistics between examples at random, or recompute them by a network of their own.',
  },
  { names: 'Virtual BatchNorm', reason: 'Needs a reference batch beside x.' },
  { names: 'pRMSNorm', reason: 'Averages over the first part of the features, which no pattern names.' },
  {
    names: 'Cosine normalization',
    reason: 'Normalizes weights and input together, so it is a linear layer of its own.',
  },
  {
    names: 'BHyT, GeoNorm, SiameseNorm, TaperNorm, UnitNorm of time series, Lp QK-Norm',
    reason: 'Their formulas could not be checked against the papers.',
  },
]
