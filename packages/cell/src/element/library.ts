import { CHECKER, COMPILER, type LibraryFile, type Supply } from '../sandbox/protocol.ts'

/** `library.json`: what can be imported, and from which files. */
export interface Library {
  /** The frame's page. */
  readonly runner: string
  /** Name -> file. */
  readonly names: Readonly<Record<string, string>>
  /** File -> the files that it imports, those first that are imported. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** File -> binaries that it needs: the name that it asks for -> file. */
  readonly needs: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The packages, without the page's own files. */
export const packagesOf = ({ names }: Library): string[] =>
  Object.keys(names).filter((name) => !name.startsWith('docs/') && name !== COMPILER && name !== CHECKER)

const libraries = new Map<string, Promise<Library>>()
const contents = new Map<string, Promise<Blob>>()

async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { credentials: 'omit' })
  if (!answer.ok) throw new Error(`${url} gave ${answer.status}`)
  return answer
}

/** A failed load is not kept: the next Run tries again. */
function once<T>(
  cache: Map<string, Promise<T>>,
  url: string,
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  let found = cache.get(url)
  if (!found) {
    found = get(url).then(read)
    found.catch(() => cache.delete(url))
    cache.set(url, found)
  }
  return found
}

export const libraryAt = (url: string): Promise<Library> =>
  once(libraries, url, (answer) => answer.json() as Promise<Library>)

const contentOf = (base: string, file: string): Promise<Blob> =>
  once(contents, base + file, (answer) => answer.blob())

/** All files that stand behind the names, those first that others import. Each is fetched once a page. */
/** @param base The folder's address, with a slash at its end. */
export async function supplyOf(
  base: string,
  library: Library,
  names: readonly string[],
  has: ReadonlySet<string>,
): Promise<Supply> {
  const wanted: string[] = []
  const given: Record<string, string> = {}
  const visit = (file: string) => {
    for (const each of library.files[file] ?? []) visit(each)
    Object.assign(given, library.needs[file])
    if (!wanted.includes(file)) wanted.push(file)
  }
  for (const name of names) {
    const own = Object.hasOwn(library.names, name) ? library.names[name] : undefined
    if (!own) continue
    given[name] = own
    visit(own)
  }
  for (const file of Object.values(given)) visit(file)
  const files = await Promise.all(
    wanted
      .filter((file) => !has.has(file))
      .map(async (file): Promise<LibraryFile> => ({
        file,
        content: await contentOf(base, file),
        imports: library.files[file] ?? [],
      })),
  )
  return { type: 'supply', files, names: given }
}
