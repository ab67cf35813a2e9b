import type { Plugin } from 'vite'

const components: Readonly<Record<string, string>> = {
  Cell: '@site/components/Cell.astro',
  Picture: '@site/components/Picture.astro',
  Value: '@site/components/Value.astro',
}

/** Pages of docs/ may use these as they are. The import goes to the end: no line of the page moves. */
export function autoImport(): Plugin {
  return {
    name: 'normlab-cells-in-mdx',
    enforce: 'pre',
    transform(code, id) {
      if (!/docs[\\/].*\.mdx(\?|$)/.test(id)) return undefined
      const used = Object.entries(components).filter(
        ([name]) =>
          new RegExp(`<${name}[\\s/>]`).test(code) && !new RegExp(`^import ${name} `, 'm').test(code),
      )
      if (used.length === 0) return undefined
      const imports = used.map(([name, file]) => `import ${name} from '${file}'`)
      return { code: `${code.trimEnd()}\n\n${imports.join('\n')}\n`, map: null }
    },
  }
}
