import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { layers } from '../src/index.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const named = (text: string): string[] => [...text.matchAll(/`(?:layers\.)?(\w+)/g)].map(([, name]) => name)
const rows = [...readme.matchAll(/^\| (`\w+`.*?) \|.*?\| (.*) \|$/gm)]
  .map(([, names, args]) => ({ names: named(names), args }))
  .filter(({ names }) => names[0] in layers)
const fences = [...readme.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code)
// The package is built against its peers: the umbrella package of the README is put together from them.
const umbrella = `import * as core from '@tensorflow/tfjs-core'
import * as stock from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
const tf = { ...core, ...stock }
`

test.each(fences.map((code, i) => ({ i, code })))('block $i of the README runs', ({ i, code }) => {
  const folder = mkdtempSync(join(import.meta.dirname, '.readme-'))
  try {
    const file = join(folder, 'block.mjs')
    const checks = [
      'recorder.toJSON().distributions.length > 10',
      'model.layers.every(({ record }) => record !== undefined) && model.layers.length === 2',
      'String(y.shape) === "1,6,6,4"',
      'String(model.outputs[0].shape) === ",10,32" && model.layers.length > 6',
      'String(again.predict(tf.ones([1, 3])).dataSync()) === String(model.predict(tf.ones([1, 3])).dataSync())',
      'again.layers.length === 2 && new TextDecoder().decode(bytes).includes("bn.running_var")',
      'folded.layers.length === 3 && kept.length === 0',
      'layer.getConfig().epsilon === 1e-3',
    ]
    expect(checks.length).toBe(fences.length)
    const own = code.replace("import * as tf from '@tensorflow/tfjs'\n", umbrella)
    writeFileSync(file, `${own}\nconsole.log(${checks[i]})\n`)
    const out = execFileSync(process.execPath, ['-C', '@normlab/source', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(out.trim().split('\n').at(-1)).toBe('true')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the layers that the README names exist, with the arguments and defaults that it says', () => {
  expect(rows.length).toBeGreaterThan(9)
  const all = [...readme.matchAll(/\blayers\.(\w+)\(/g)].map(([, name]) => name)
  expect(all.filter((name) => !(name in layers) && !readme.includes(`tf.layers.${name}(`))).toEqual([])
  for (const { names, args } of rows)
    for (const name of names) {
      const config = (layers as unknown as Record<string, () => { getConfig(): object }>)[name]().getConfig()
      for (const [, argument, value] of args.matchAll(/`(\w+)`(?: (-?[\d.e-]+\d))?/g)) {
        if (argument === 'axis') continue
        expect(Object.keys(config), name).toContain(argument)
        if (value) expect(config, name).toHaveProperty(argument, Number(value))
      }
    }
})
