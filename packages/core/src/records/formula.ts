/** The TeX formula that a record's fields describe, for records that do not write their own. */
import { parsePattern } from '../pattern.ts'
import type { VariantRecord } from '../variant.ts'

/** Such as `y_{nsc} = \gamma_{c} \frac{x_{nsc} - \mu_{ns}}{\sqrt{\sigma_{ns}^2 + \epsilon}} + \beta_{c}`. */
export function formulaOf(record: VariantRecord): string {
  if (!('stats' in record) || record.apply) return `y = \\mathrm{${record.name}}(x)`
  const { stats, center, scale, params } = record
  const pattern = parsePattern(stats ?? 'n s c -> n s c')
  const all = `_{${pattern.axes.map((axis) => axis.parts.join('')).join('')}}`
  const cell = pattern.keep.length ? `_{${pattern.keep.join('')}}` : ''
  const above = center ? `x${all} - \\mu${cell}` : `x${all}`
  const below = {
    std: `\\sqrt{\\sigma${cell}^2 + \\epsilon}`,
    rms: `\\sqrt{\\overline{x^2}${cell} + \\epsilon}`,
    l2: `\\max(\\lVert x \\rVert${cell}, \\epsilon)`,
    none: '',
  }[scale]
  const core = below ? `\\frac{${above}}{${below}}` : above
  const along = (name: string) => (params[name].along ? `_{${params[name].along.replaceAll(' ', '')}}` : '')
  const gamma =
    params.gamma && (params.gamma.plusOne ? `(1 + \\gamma${along('gamma')})` : `\\gamma${along('gamma')}`)
  const scaled = gamma ? `${gamma} ${below || !center ? core : `(${core})`}` : core
  return `y${all} = ${scaled}${params.beta ? ` + \\beta${along('beta')}` : ''}`
}
