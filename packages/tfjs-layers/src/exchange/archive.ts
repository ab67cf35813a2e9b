/** The `.keras` archive: config.json, metadata.json and model.weights.h5 in a zip. */
import { NormlabError, show } from '../errors.ts'
import { float16, bfloat16 } from './halves.ts'
import type { KerasObject } from './json.ts'
import { loadHdf5, loadZip } from './peers.ts'

export interface Stored {
  readonly data: Float32Array | Int32Array | Uint32Array
  readonly shape: readonly number[]
}

export interface Archive {
  readonly config: KerasObject
  readonly metadata: Record<string, unknown>
  /** Variables by path: `layers/dense/vars/0`. */
  readonly variables: ReadonlyMap<string, Stored>
  /** Layer names by the path of their `vars` group, where the file has them. */
  readonly names: ReadonlyMap<string, string>
}

const FILES = ['config.json', 'metadata.json', 'model.weights.h5'] as const
let counter = 0

/** @throws NormlabError naming `bytes`. */
export async function readArchive(bytes: Uint8Array): Promise<Archive> {
  if (!(bytes instanceof Uint8Array)) throw new NormlabError('bytes', show(bytes), 'Give a Uint8Array')
  const { unzipSync, strFromU8 } = await loadZip()
  let files: Record<string, Uint8Array>
  try {
    files = unzipSync(bytes, { filter: ({ name }) => (FILES as readonly string[]).includes(name) })
  } catch (cause) {
    const remedy = 'Give the content of a file that Keras 3 saved as .keras'
    throw Object.assign(new NormlabError('bytes', 'they are no zip archive', remedy), { cause })
  }
  const lacking = FILES.find((name) => !files[name])
  if (lacking)
    throw new NormlabError(
      'bytes',
      `the archive has no ${lacking}`,
      'Save the model with model.save("x.keras")',
    )
  const json = (name: (typeof FILES)[number]) => JSON.parse(strFromU8(files[name])) as unknown
  return {
    config: json('config.json') as KerasObject,
    metadata: json('metadata.json') as Record<string, unknown>,
    ...(await readWeights(files['model.weights.h5'])),
  }
}

async function readWeights(bytes: Uint8Array) {
  const { File, Group, Dataset, module } = await loadHdf5()
  const path = `normlab-${counter++}.h5`
  const variables = new Map<string, Stored>()
  const names = new Map<string, string>()
  type Entry = { file_id: bigint; path: string }
  const raw = ({ file_id, path: at }: Entry, size: number): Uint8Array => {
    const { _malloc: allocate, _free: release } = module
    const pointer = allocate(Math.max(1, size))
    try {
      module.get_dataset_data(file_id, at, null, null, null, BigInt(pointer))
      return module.HEAPU8.slice(pointer, pointer + size)
    } finally {
      release(pointer)
    }
  }
  const walk = (group: InstanceType<typeof Group>, at: string): void => {
    const name = group.attrs.name?.value
    if (typeof name === 'string') names.set(at, name)
    for (const key of group.keys()) {
      const entry = group.get(key)
      const here = at ? `${at}/${key}` : key
      if (entry instanceof Group) walk(entry, here)
      else if (entry instanceof Dataset) {
        const { type, size, total_size, shape } = entry.metadata
        const brain = entry.attrs.dtype?.value === 'bfloat16'
        const half = size === 2 && (brain || type === 1)
        const data = half
          ? (brain ? bfloat16 : float16)(raw(entry, size * total_size))
          : numbersOf(entry.value as ArrayLike<number | bigint> | number)
        variables.set(here, { data, shape: shape ?? [] })
      }
    }
  }
  module.FS.writeFile(path, bytes)
  const file = new File(path, 'r')
  try {
    walk(file, '')
  } finally {
    file.close()
    module.FS.unlink(path)
  }
  return { variables, names }
}

function numbersOf(value: ArrayLike<number | bigint> | number): Stored['data'] {
  if (typeof value === 'number') return Float32Array.of(value)
  if (value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint32Array)
    return value
  return Float32Array.from(value as ArrayLike<number>, Number)
}

/** The bytes of an archive. Stored, not compressed, as Keras does; the same content gives the same bytes. */
export async function writeArchive({ config, metadata, variables, names }: Archive): Promise<Uint8Array> {
  const { zipSync, strToU8 } = await loadZip()
  const weights = await writeWeights(variables, names)
  const text = (value: unknown) => strToU8(JSON.stringify(value))
  return zipSync(
    { 'metadata.json': text(metadata), 'config.json': text(config), 'model.weights.h5': weights },
    // The first day that zip can say.
    { level: 0, mtime: new Date(1980, 0, 1) },
  )
}

async function writeWeights(variables: Archive['variables'], names: Archive['names']): Promise<Uint8Array> {
  const { File, Group, module } = await loadHdf5()
  const path = `normlab-${counter++}.h5`
  const file = new File(path, 'w')
  const groupAt = (at: string) => {
    let group: InstanceType<typeof Group> = file
    for (const part of at.split('/').filter(Boolean)) {
      const next = group.keys().includes(part) ? group.get(part) : group.create_group(part)
      group = next as InstanceType<typeof Group>
    }
    return group
  }
  try {
    for (const [at, name] of names) groupAt(at).create_attribute('name', name)
    for (const [at, { data, shape }] of variables) {
      const end = at.lastIndexOf('/')
      groupAt(at.slice(0, end)).create_dataset({ name: at.slice(end + 1), data, shape: [...shape] })
    }
    file.flush()
    file.close()
    return module.FS.readFile(path)
  } finally {
    module.FS.unlink(path)
  }
}
