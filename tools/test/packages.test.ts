import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root, workspaces } from '../check/commands.ts'

type Entry = string | Record<string, string>

const published = workspaces()
  .filter(({ folder }) => folder.startsWith('packages'))
  .map(({ name, folder }) => ({
    name,
    ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
  }))

const withoutSource = (entry: Entry): Entry =>
  typeof entry === 'string'
    ? entry
    : Object.fromEntries(Object.entries(entry).filter(([condition]) => condition !== '@normlab/source'))

test('four packages are published', () => {
  expect(published.map(({ name }) => name).toSorted()).toEqual([
    '@normlab/cell',
    '@normlab/core',
    '@normlab/tfjs-layers',
    '@normlab/viz',
  ])
})

describe.each(published)('$name', (manifest) => {
  test('publishes its exports without the source condition', () => {
    const entries = Object.entries(manifest.exports as Record<string, Entry>)
    expect(manifest.publishConfig.exports).toEqual(
      Object.fromEntries(entries.map(([key, entry]) => [key, withoutSource(entry)])),
    )
  })

  test('has its source first among the conditions, or the tools would read a stale dist', () => {
    const modules = Object.values(manifest.exports as Record<string, Entry>).filter(
      (entry) => typeof entry !== 'string',
    )
    for (const entry of modules) expect(Object.keys(entry)[0]).toBe('@normlab/source')
  })

  test('is public, MIT, ESM, for Node 20', () => {
    expect(manifest).toMatchObject({ license: 'MIT', type: 'module', engines: { node: '>=20' } })
    expect(manifest.publishConfig.access).toBe('public')
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'LICENSE']))
  })
})

test('core has no runtime dependency, and viz and tfjs-layers depend on core alone within the house', () => {
  const ours = (name: string) => {
    const { dependencies = {}, peerDependencies = {} } = published.find((each) => each.name === name)!
    return Object.keys({ ...dependencies, ...peerDependencies })
  }
  expect(ours('@normlab/core')).toEqual([])
  for (const name of ['@normlab/viz', '@normlab/tfjs-layers'])
    expect(ours(name).filter((dependency) => dependency.startsWith('@normlab/'))).toEqual(['@normlab/core'])
  expect(ours('@normlab/cell').filter((name) => name.startsWith('@normlab/'))).toEqual([
    '@normlab/core',
    '@normlab/viz',
  ])
})

// A tarball address would tie every install to the registry that wrote it.
test('the lockfile names no host', () => {
  const lock = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  expect(lock.split('\n').filter((text) => /https?:\/\/|tarball: |file:\//.test(text))).toEqual([])
})
