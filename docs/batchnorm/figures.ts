import { flow } from '@normlab/viz'
import relu from './cells/relu.output.json' with { type: 'json' }

type Moments = { mean: number; std: number }
const { linear, normal, next } = relu.values as Record<string, Moments>

/** A mean that is 0 but for rounding is printed as 0. */
const said = (value: number, digits: number): string => {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? '0' : text.replace('-', '−')
}
const passes = ({ mean, std }: Moments, digits = 2): string[] => [
  `mean ${said(mean, digits)}`,
  `std ${said(std, digits)}`,
]

/** Where BatchNorm stands, with what the neuron's values are on the way. */
export const place = (width: number, id: string): string =>
  flow(
    [
      { label: 'Input', passes: 'h' },
      { label: 'Layer 1', detail: 'z = W h', passes: passes(linear) },
      { label: 'BatchNorm', detail: 'γ ẑ + β', tone: 'with', passes: passes(normal, 0) },
      { label: 'ReLU', passes: passes(next, 3) },
      { label: 'Layer 2' },
    ],
    { width, id },
  )
