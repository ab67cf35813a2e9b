import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { TENSORFLOW } from '@normlab/tfjs-layers/node'
import { afterAll, expect, test } from 'vitest'
import { cacheFolder, findTfjsNode, packageIn, recipe } from '../libtensorflow/cache.ts'

const home = mkdtempSync(join(tmpdir(), 'normlab-cache-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const env = { XDG_CACHE_HOME: home }
const lock = readFileSync(join(recipe, 'package-lock.json'), 'utf8')

test('the cached folder is named after the versions that are in it', () => {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { version: string }> }
  const { version } = packages['node_modules/@tensorflow/tfjs-node']
  expect(basename(cacheFolder(env))).toContain(`libtensorflow-${TENSORFLOW}-tfjs-node-${version}-`)
})

test('the lock file holds hashes, and names no host', () => {
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { integrity?: string; resolved?: string }>
  }
  const installed = Object.entries(packages).filter(([folder]) => folder)
  expect(installed.length).toBeGreaterThan(100)
  expect(installed.filter(([, { integrity, resolved }]) => !integrity || resolved)).toEqual([])
})

test('a folder counts once its lock file is there, and only with the same one', () => {
  expect(findTfjsNode(env)).toBeUndefined()
  const folder = cacheFolder(env)
  mkdirSync(packageIn(folder), { recursive: true })
  expect(findTfjsNode(env)).toBeUndefined()
  writeFileSync(join(folder, 'package-lock.json'), lock)
  expect(findTfjsNode(env)).toBe(packageIn(folder))
  writeFileSync(join(folder, 'package-lock.json'), `${lock} `)
  expect(findTfjsNode(env)).toBeUndefined()
})

test('NORMLAB_TFJS_NODE names another, which must be there', () => {
  expect(() => findTfjsNode({ ...env, NORMLAB_TFJS_NODE: join(home, 'none') })).toThrow(
    'NORMLAB_TFJS_NODE names',
  )
})
