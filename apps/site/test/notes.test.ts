/** What every note has, and in which order: picture, idea, formula, code, where it breaks, exercises, sources. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { notes } from '../src/notes.ts'

const root = join(import.meta.dirname, '../../..')
const source = (slug: string): string => readFileSync(join(root, `docs/${slug}/page.mdx`), 'utf8')

/** By their headings of the second level; what stands before the first is the beginning. */
function sectionsOf(mdx: string): { readonly beginning: string; readonly sections: Map<string, string> } {
  const [beginning, ...rest] = mdx.split(/^## /m)
  return { beginning: beginning!, sections: new Map(rest.map((part) => [part.split('\n')[0]!, part])) }
}

describe.each(notes.map(({ slug }) => slug))('%s', (slug) => {
  const mdx = source(slug)
  const { beginning, sections } = sectionsOf(mdx)

  test('begins with a picture, what is needed and what will be seen', () => {
    expect(beginning).toMatch(/<(Picture|Drawn|Lab|Tap)[\s>]/)
    expect(beginning).toMatch(/\*\*You need\*\*/)
    expect(beginning).toMatch(/\*\*You will see\*\*/)
  })

  test('has its formula before its code', () => {
    const formula = mdx.search(/^\$\$$|<math/m)
    expect(formula).toBeGreaterThan(0)
    expect(mdx.indexOf('<Cell ')).toBeGreaterThan(formula)
  })

  test('ends with where it breaks, exercises, sources and further reading', () => {
    expect([...sections.keys()].slice(-3)).toEqual(['Where it breaks', 'Exercises', 'Sources'])
    expect(sections.get('Sources')).toMatch(/^Further reading: /m)
    expect(sections.get('Sources')!.match(/^- /gm)!.length).toBeGreaterThan(1)
  })

  test('has exercises, each with an answer that is hidden at first', () => {
    const exercises = sections
      .get('Exercises')!
      .split(/^\*\*\d\.\*\* /m)
      .slice(1)
    expect(exercises.length).toBeGreaterThan(3)
    for (const exercise of exercises)
      expect(exercise).toMatch(/<details>\n<summary>Answer<\/summary>\n\n[\s\S]+<\/details>/)
  })

  test('shows every cell that it has, to be run', () => {
    const cells = globSync(`docs/${slug}/cells/*.ts`, { cwd: root }).map((file) =>
      file.split(/[\\/]/).at(-1)!,
    )
    const shown = [...mdx.matchAll(/<Cell src="\.\/cells\/([^"]+)"/g)].map(([, file]) => file!)
    expect(shown.toSorted()).toEqual(cells.toSorted())
  })

  // MDX takes a line that starts with an element for a block of its own: the sentence would be cut in two.
  test('no line of a paragraph starts with a value', () => expect(mdx).not.toMatch(/^<Value /m))
})
