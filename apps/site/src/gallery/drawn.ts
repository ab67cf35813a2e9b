/** The gallery's figures, drawn. They come from the data that viz's own tests draw: a new figure is here by itself. */
import { edges, gallery, usualOf, type Case, type Edge } from '../../../../packages/viz/test/gallery.ts'

export interface Drawn {
  readonly title: string
  /** One for each theme, with ids of its own; or why there is none. */
  readonly drawing: { readonly light: string; readonly dark: string } | string
}
export interface Shelf {
  readonly figure: string
  readonly usual: readonly Drawn[]
  readonly edges: readonly Drawn[]
}

/** A phone's column. */
const WIDTH = 288

/** The same figure twice on a page: its ids must not stand there twice. */
function twice(svg: string): Drawn['drawing'] {
  const [, id] = /<title id="(.+?)-title"/.exec(svg) ?? []
  if (!id) throw new Error(`A figure without an id: ${svg.slice(0, 80)}`)
  return { light: svg, dark: svg.replaceAll(id, `${id}-dark`) }
}

const draw = (one: Case): Drawn['drawing'] => (typeof one === 'string' ? one : twice(one(WIDTH)))

export const shelves: readonly Shelf[] = Object.entries(gallery).map(([figure, cases]) => ({
  figure,
  usual: usualOf(figure).map(([title, usual]) => ({ title, drawing: twice(usual()) })),
  edges: (Object.entries(edges) as [Edge, string][]).map(([edge, title]) => ({
    title,
    drawing: draw(cases[edge]),
  })),
}))
