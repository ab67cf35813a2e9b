/** The drop-in in bundles, where tf.layers cannot be written: as an app's bundler makes them, run where they are to run. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { build, type InlineConfig } from 'vite'
import { browserArgs, findBrowser } from '../browser.ts'

const app = `
import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { layers, models, sequential } from '@tensorflow/tfjs-layers'
import { restore } from '@normlab/tfjs-layers/drop-in'

if (version_cpu) await tf.setBackend('cpu')
let writes = 'allowed'
try {
  const [name, open] = [['batch', 'Normalization'].join(''), Object(layers)]
  const before = open[name]
  open[name] = 1
  if (open[name] !== 1) writes = 'refused'
  open[name] = before
} catch { writes = 'refused' }
const model = sequential({ layers: [
  layers.dense({ units: 4, inputShape: [3] }),
  layers.batchNormalization({ scale: false }),
  layers.layerNormalization({ gammaConstraint: 'nonNeg', axis: [-1] }),
  layers.reshape({ targetShape: [2, 2] }),
  layers.spatialDropout1d({ rate: 0.5, seed: 3 }),
  layers.flatten(),
  layers.dropout({ rate: 0.5, seed: 3 }),
  layers.alphaDropout({ rate: 0.1 }),
  layers.gaussianDropout({ rate: 0.1 }),
  layers.gaussianNoise({ stddev: 0.1 }),
] })
model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' })
const loss = await model.trainOnBatch(tf.ones([8, 3]), tf.ones([8, 4]))
const group = { class_name: 'Sequential', module: 'keras', config: { layers: [
  { class_name: 'InputLayer', config: { batch_shape: [null, 4] } },
  { class_name: 'GroupNormalization', config: { groups: 2, dtype: { class_name: 'DTypePolicy', config: { name: 'float32' } } } },
] } }
const again = await models.modelFromJSON(JSON.parse(model.toJSON()))
const keras = await models.modelFromJSON(group)
const isOurs = (layer) => layer.record?.name
const ours = [model, again, keras].map(({ layers }) => layers.map(isOurs).filter(Boolean))
const constraint = model.layers[2].getConfig().gammaConstraint.className
restore()
const stock = isOurs(layers.batchNormalization()) ?? 'stock'
globalThis.answer = JSON.stringify({ writes, finite: Number.isFinite(loss), ours, constraint, stock })
console.log(globalThis.answer)
`
const names = [
  'BatchNorm',
  'LayerNorm',
  'SpatialDropout',
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
]

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.bundle-'))
  writeFileSync(at('app.js'), app)
})
afterAll(() => rmSync(folder, { recursive: true }))

const withEsbuild = async (options: esbuild.BuildOptions): Promise<string> => {
  await esbuild.build({
    entryPoints: [at('app.js')],
    outfile: at('esbuild.mjs'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@normlab/source'],
    logLevel: 'error',
    ...options,
  })
  return at('esbuild.mjs')
}
const withVite = async (minify: boolean): Promise<string> => {
  const config: InlineConfig = {
    root: folder,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@normlab/source', 'module', 'browser'] },
    build: {
      minify,
      outDir: at('vite'),
      target: 'es2022',
      rolldownOptions: { input: at('app.js'), output: { entryFileNames: 'app.mjs', codeSplitting: false } },
    },
  }
  await build(config)
  return at('vite/app.mjs')
}

const CREATE_REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** Browsers start slowly on a busy machine. */
const TIMEOUT = 120_000

const executablePath = findBrowser()
if (!executablePath) console.warn('\nNO CHROMIUM FOUND: bundles for browsers do not run.\n')

const inNode = (file: string): string =>
  execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    .trim()
    .split('\n')
    .at(-1)!

let browser: Browser | undefined
afterAll(() => browser?.close())

async function inChromium(file: string): Promise<string> {
  browser ??= await chromium.launch({ executablePath, args: browserArgs })
  const page = await browser.newPage()
  const failed = new Promise<never>((_, reject) => page.once('pageerror', reject))
  try {
    await page.addScriptTag({ type: 'module', content: readFileSync(file, 'utf8') })
    const answer = page.waitForFunction('globalThis.answer', undefined, { timeout: TIMEOUT, polling: 100 })
    return (await (await Promise.race([answer, failed])).jsonValue()) as string
  } finally {
    await page.close()
  }
}

const wanted = (writes: string) => ({
  writes,
  finite: true,
  ours: [names, names, ['GroupNorm']],
  constraint: 'NonNeg',
  stock: 'stock',
})

describe.skipIf(!executablePath)('in Chromium', () => {
  test.each([
    ['Vite', () => withVite(false)],
    ['Vite, minified', () => withVite(true)],
    ['esbuild', () => withEsbuild({ platform: 'browser' })],
    ['esbuild, minified', () => withEsbuild({ platform: 'browser', minify: true })],
  ])('%s', { timeout: TIMEOUT }, async (_, bundle) => {
    expect(JSON.parse(await inChromium(await bundle()))).toEqual(wanted('refused'))
  })
})

// Here a bundler takes the build for ES5, whose classes are functions.
test('in Node: esbuild, minified', { timeout: TIMEOUT }, async () => {
  const banner = { js: CREATE_REQUIRE }
  const file = await withEsbuild({ platform: 'node', minify: true, mainFields: ['main'], banner })
  expect(JSON.parse(inNode(file))).toEqual(wanted('allowed'))
})
