export { ridgeline } from './ridgeline/ridgeline.ts'
export { ridgelineCaption } from './ridgeline/caption.ts'
export type { RidgelineOptions } from './ridgeline/options.ts'
export type { Selection } from './ridgeline/select.ts'
export { sharedDomain, type DomainOptions } from './ridgeline/domain.ts'
export { distributionTable, type DistributionRow } from './ridgeline/table.ts'
export { standalone } from './figure/standalone.ts'
export type { Tone } from './figure/tone.ts'
export { axisClass, axisColor, token, tokens, tokensCss, type TokenName } from './tokens.ts'
export { axes } from './axes/axes.ts'
export { axesFacts, type AxesFacts } from './axes/words.ts'
export { patternMarkup } from './axes/markup.ts'
export type { AxesOptions } from './axes/model.ts'
export { rankShift, type Mover, type RankShiftOptions } from './charts/rankShift.ts'
export { spearman } from './charts/spearman.ts'
export { driftBars, type PairRow } from './charts/driftBars.ts'
export type { PartRow } from './charts/partBars.ts'
export type { BarOptions } from './charts/rows.ts'
export { lossCurves, type CurveOptions, type Series } from './charts/lossCurves.ts'
export { variantFigure, type FigureOfVariant } from './axes/variant.ts'
export { valueGrid, type GridOptions, type GridPanel } from './charts/valueGrid.ts'
export { valueSteps, type ValueStep, type ValueStepsOptions } from './charts/valueSteps.ts'
export { flow, type FlowBlock, type FlowOptions } from './charts/flow.ts'
export { operatingRange, type OperatingGroup, type OperatingOptions } from './charts/operatingRange.ts'
export { operatingFacts, type Activation, type OperatingFacts } from './charts/activations.ts'
export { axesFormula, type AxesFormulaOptions } from './axes/mathml.ts'
export { runningIndex, type LabelledTable, type RunningIndexOptions } from './charts/runningIndex.ts'
export { maskedNetwork, type NetworkOptions, type UnitLayer } from './charts/maskedNetwork.ts'
export {
  bowlFacts,
  lossContours,
  type Bowl,
  type BowlFacts,
  type ContourOptions,
} from './charts/lossContours.ts'
export { cloudFacts, clouds, type Cloud, type CloudFacts, type CloudOptions } from './charts/clouds.ts'
export { middleOf, strips, type Strip, type StripGroup, type StripsOptions } from './charts/strips.ts'
export { histograms, type HistogramRow, type HistogramsOptions } from './charts/histograms.ts'
export {
  unitNetwork,
  unitPlaces,
  type LayerOfUnits,
  type PointOfUnit,
  type UnitNetworkOptions,
  type UnitPlace,
} from './charts/unitNetwork.ts'
export type { Fill } from './charts/fills.ts'
