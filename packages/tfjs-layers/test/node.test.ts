/** useNativeBackend and doctor, where no tfjs-node works: what is said, and what is chosen instead. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBackend } from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { findCuda } from '../src/native/cuda.ts'
import { inspect } from '../src/native/candidates.ts'
import { installLibtensorflow } from '../src/native/libtensorflow.ts'
import { wheelFor } from '../src/native/wheel.ts'
import { doctor, report, useNativeBackend, type NativePackage } from '../src/node.ts'

const from = mkdtempSync(join(tmpdir(), 'normlab-node-'))
afterAll(() => rmSync(from, { recursive: true, force: true }))

const NODE = '@tensorflow/tfjs-node'
const ADDON = 'lib/napi-v8/tfjs_binding.node'

/** A package as npm leaves it, with some files. */
function install(name: NativePackage, files: Record<string, string> = {}): string {
  const folder = join(from, 'node_modules', name)
  rmSync(folder, { recursive: true, force: true })
  const all = { 'package.json': JSON.stringify({ name, version: '4.22.0', main: 'index.js' }), ...files }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

describe('useNativeBackend', () => {
  test('says which and why: here wasm, for want of the others', async () => {
    const log = vi.fn<(text: string) => void>()
    const choice = await useNativeBackend({ from, log })
    expect(choice).toMatchObject({ package: '@tensorflow/tfjs-backend-wasm', backend: 'wasm', gpu: false })
    expect(choice.refused.map((one) => [one.package, one.why])).toEqual([
      ['@tensorflow/tfjs-node-gpu', 'it is not installed'],
      [NODE, 'it is not installed'],
    ])
    expect(getBackend()).toBe('wasm')
    expect(log.mock.calls.flat().join()).toMatch(
      /normlab: @tensorflow\/tfjs-backend-wasm 4[^]*not @tensorflow\/tfjs-node: it is not installed\. npm install/,
    )
  })

  test('a package that does not load is passed over, with what it said', async () => {
    install(NODE, {
      'index.js': "throw new Error('libtensorflow.so.2: cannot open shared object file')",
      'deps/lib/libtensorflow.so': '',
      [ADDON]: '',
    })
    const { backend, refused } = await useNativeBackend({
      from,
      log: false,
      packages: [NODE, '@tensorflow/tfjs-backend-cpu'],
    })
    expect(backend).toBe('cpu')
    expect(refused[0].why).toContain('it does not load: libtensorflow.so.2')
  })

  test('without any it throws, with each reason', async () => {
    install(NODE)
    await expect(useNativeBackend({ from, log: false, packages: [NODE] })).rejects.toThrow(
      /packages: none can be used \(@tensorflow\/tfjs-node: libtensorflow is missing/,
    )
    await expect(useNativeBackend({ packages: ['tfjs' as NativePackage] })).rejects.toThrow(
      'packages: "tfjs"',
    )
  })
})

describe('what lies on disk', () => {
  test('a package without libtensorflow, one without its addon, one with a dangling link', () => {
    install(NODE)
    expect(inspect(NODE, from).refused?.why).toContain('libtensorflow is missing')
    const folder = install(NODE, { 'deps/lib/libtensorflow.so': '' })
    expect(inspect(NODE, from).refused?.why).toContain('addon is not built')
    install(NODE, { 'deps/lib/libtensorflow.so': '', [ADDON]: '' })
    expect(inspect(NODE, from)).toEqual({ name: NODE, folder, version: '4.22.0', refused: undefined })
    install(NODE, { [ADDON]: '', 'deps/lib/README': '' })
    symlinkSync('gone.so', join(folder, 'deps/lib/libtensorflow.so'))
    expect(inspect(NODE, from).refused?.why).toContain('libtensorflow is missing')
  })

  test('CUDA is looked for in LD_LIBRARY_PATH and beside libtensorflow', () => {
    const folder = join(from, 'cuda')
    const beside = join(folder, 'deps/nvidia/cudnn/lib')
    const named = join(from, 'named')
    for (const path of [beside, named]) mkdirSync(path, { recursive: true })
    writeFileSync(join(beside, 'libcudnn.so.9'), '')
    writeFileSync(join(named, 'libcudart.so.12'), '')
    const found = findCuda(folder, { LD_LIBRARY_PATH: `/none:${named}` })
    const pathOf = (name: string) => found.find((library) => library.name === name)!.path
    expect(pathOf('libcudnn.so.9')).toBe(join(beside, 'libcudnn.so.9'))
    expect(pathOf('libcudart.so.12')).toBe(join(named, 'libcudart.so.12'))
    expect(found.find(({ name }) => name === 'libcublas.so.12')?.wheel).toBe('nvidia-cublas-cu12')
  })
})

test('doctor loads nothing, and its report names every package', async () => {
  install(NODE)
  const before = getBackend()
  const diagnosis = await doctor({ from })
  expect(getBackend()).toBe(before)
  expect(diagnosis.packages.map(({ name, refused }) => [name, refused === undefined])).toEqual([
    ['@tensorflow/tfjs-node-gpu', false],
    [NODE, false],
    ['@tensorflow/tfjs-backend-wasm', true],
    ['@tensorflow/tfjs-backend-cpu', true],
  ])
  expect(diagnosis.remedies.length).toBeGreaterThan(0)
  const text = report(diagnosis)
  for (const { name } of diagnosis.packages) expect(text).toContain(name)
})

test('the recipe: for Linux, and into a tfjs-node', async () => {
  expect(wheelFor('cpu', 'linux', 'x64')).toBeDefined()
  expect(wheelFor('cuda', 'linux', 'x64')!.megabytes).toBeGreaterThan(500)
  expect(wheelFor('cuda', 'linux', 'arm64')).toBeUndefined()
  expect(wheelFor('cpu', 'darwin', 'arm64')).toBeUndefined()
  await expect(installLibtensorflow(from)).rejects.toThrow('folder: ')
})
