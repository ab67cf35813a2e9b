import { defineMdastPlugin } from 'satteri'
import temml from 'temml'

/** TeX becomes MathML at build time: no script, no shift of the layout. */
export const mathml = (tex: string, displayMode = false): string =>
  temml.renderToString(tex, { displayMode, throwOnError: true, wrap: 'none' })

export const math = defineMdastPlugin({
  name: 'temml',
  inlineMath: (node) => ({ raw: mathml(node.value), mdxExpressions: false }),
  math: (node) => ({
    raw: `<div class="formula" tabindex="0" role="group" aria-label="Formula">${mathml(node.value, true)}</div>`,
    mdxExpressions: false,
  }),
})
