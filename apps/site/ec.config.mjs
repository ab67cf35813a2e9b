import { tokens } from '@normlab/viz'
import { defineEcConfig, definePlugin } from '@astrojs/starlight/expressive-code'

/**
 * Code in the site's own colours: the same parts in the same ones as the cells' editor (packages/cell/src/element/editor.ts),
 * so that Edit changes nothing but what can be written.
 * @param {'light' | 'dark'} type
 */
const theme = (type) => {
  const colours = tokens[type]
  /** @param {import('@normlab/viz').TokenName} token @param {string[]} scope @param {string} [fontStyle] */
  const colour = (token, scope, fontStyle) => ({ scope, settings: { foreground: colours[token], fontStyle } })
  return {
    name: type,
    type,
    bg: colours.raised,
    fg: colours.ink,
    colors: { 'editor.background': colours.raised, 'editor.foreground': colours.ink },
    settings: [
      colour('axis-g', ['keyword', 'storage', 'variable.language.this']),
      colour('ink', ['keyword.operator', 'storage.type.function.arrow']),
      colour('axis-g', ['keyword.operator.new', 'keyword.operator.expression']),
      colour('axis-c', ['string']),
      colour('ink', ['meta.template.expression']),
      colour('axis-o', ['constant.numeric', 'constant.language']),
      colour('axis-s', ['entity.name.type', 'support.type', 'support.class']),
      colour('axis-n', ['entity.name.function', 'support.function']),
      colour('muted', ['comment'], 'italic'),
    ],
  }
}

/** Half of the parts of code have the colour of the text around them: a span each is what made pages slow. */
const plain = definePlugin({
  name: 'Plain text has no span',
  hooks: {
    postprocessAnnotations({ codeBlock }) {
      for (const line of codeBlock.getLines())
        for (const annotation of line.getAnnotations())
          if (inks.has(annotation.color?.toLowerCase())) line.deleteAnnotation(annotation)
    },
  },
})
const inks = new Set([tokens.light.ink, tokens.dark.ink])

/** A cell has a Copy of its own, which copies what the reader has edited: `copy=false`. */
const copying = definePlugin({
  name: 'No second button to copy',
  hooks: {
    postprocessRenderedBlock({ codeBlock, renderData }) {
      if (codeBlock.metaOptions.getBoolean('copy') !== false) return
      const frame = renderData.blockAst
      frame.children = frame.children.filter(
        (child) => !(child.type === 'element' && [child.properties.className].flat().includes('copy')),
      )
    },
  },
})

export default defineEcConfig({
  themes: [theme('dark'), theme('light')],
  useStarlightUiThemeColors: true,
  plugins: [plain, copying],
})
