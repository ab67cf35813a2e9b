/** Cells of docs/ and what they gave, by the page that asks. */
import type { Recording } from '@normlab/cell/host'

const sources = import.meta.glob<string>('../../../../docs/*/cells/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const recordings = import.meta.glob<Recording>('../../../../docs/*/cells/*.output.json', {
  import: 'default',
  eager: true,
})

export interface Found {
  /** `docs/shift/cells/watch.ts` */
  readonly file: string
  /** `shift-watch`: an id of its own on every page. */
  readonly id: string
  readonly source: string
  readonly recording: Recording
}

const known = Object.keys(sources).map((path) => path.slice(path.indexOf('docs/')))

/** The folder of a page: `docs/shift` for `docs/shift/page.mdx`. */
export const folderOf = (filePath: string | undefined): string | undefined =>
  filePath?.replaceAll('\\', '/').match(/docs\/[^/]+(?=\/page\.mdx$)/)?.[0]

/**
 * @param src `./cells/watch.ts` from a page's own folder, or `docs/shift/cells/watch.ts` from anywhere.
 * @throws Error that names what there is.
 */
export function findCell(src: string, folder: string | undefined): Found {
  const file = src.startsWith('./') && folder ? `${folder}/${src.slice(2)}` : src
  const key = Object.keys(sources).find((path) => path.endsWith(`/${file}`))
  if (!key) {
    const near = known.filter((path) => !folder || path.startsWith(`${folder}/`)).join(', ')
    throw new Error(`There is no cell ${src}${folder ? ` for ${folder}` : ''}. There are: ${near || 'none'}`)
  }
  const recording = recordings[key.replace(/\.ts$/, '.output.json')]
  if (!recording) throw new Error(`${file} has no recorded output. Run: pnpm generate`)
  const [, page, , name] = file.split('/')
  return { file, id: `${page}-${name!.replace(/\.ts$/, '')}`, source: sources[key]!, recording }
}

/** A number that a cell exports: `parts.from`, `means[2]`. */
export function numberOf({ file, recording }: Found, path: string): number {
  let value: unknown = recording.values
  for (const key of path.split(/[.[\]]+/).filter(Boolean))
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined
  if (typeof value === 'number') return value
  throw new Error(
    `${file} gives no number ${path}. It gives: ${Object.keys(recording.values).join(', ') || 'nothing'}`,
  )
}
