/**
 * The cell of each variant's page, written from its record: docs/variants/cells/<file>.ts. A claim goes into it only where
 * it was tried and held, so a new variant needs nothing written by hand.
 */
import { readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { format } from 'oxfmt'
import { product, sample, type AnyVariant, type SomeNorm } from './variantCells/sample.ts'
import { claimsOf, type Claims } from './variantCells/claims.ts'

/** @param name the export, such as `groupNorm`. */
export function variantCell(name: string, variant: AnyVariant): string {
  const { shape, options } = sample(variant)
  return variant.kind === 'noise'
    ? noiseCell(name, variant, shape, options)
    : normCell(name, variant, shape, options, claimsOf(variant))
}

const list = (shape: readonly number[]): string => JSON.stringify(shape).replaceAll(',', ', ')

const literal = (value: object): string =>
  `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${JSON.stringify(item)}`)
    .join(', ')} }`

const words: Readonly<Record<string, [one: string, many: string]>> = {
  n: ['example', 'examples'],
  s: ['position', 'positions'],
  c: ['channel', 'channels'],
  o: ['output', 'outputs'],
  i: ['input', 'inputs'],
}

function described({ axes, shape }: ReturnType<typeof sample>): string {
  const said = axes.map((axis, i) => `${shape[i]} ${(words[axis] ?? [axis, axis])[shape[i] === 1 ? 0 : 1]}`)
  return said.length > 1 ? `${said.slice(0, -1).join(', ')} and ${said.at(-1)}` : said[0]
}

function normCell(
  name: string,
  variant: SomeNorm,
  shape: readonly number[],
  options: object,
  { again, slope }: Claims,
): string {
  const some = Object.keys(options).length > 0
  const given = some ? ', {}, options' : ''
  const helpers = ['show', ...(again || slope ? ['assert', 'near'] : [])].toSorted()
  const size = product(shape)
  return `import { ${helpers.join(', ')} } from '@normlab/cell'
import { ${name} } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// ${described(sample(variant))}.
const shape = ${list(shape)}
const x = { data: Float32Array.from({ length: ${size} }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3), shape }
${some ? `const options = ${literal(options)}\n` : ''}const { y } = ${name}.forward(x${given})

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y', ...y },
    ],
    { width${variant.stats === null ? '' : `, plan: ${name}.plan(shape${some ? ', options' : ''})`} },
  ),
)
${again ? twice(name, given) : ''}${slope ? gradient(name, given, size) : ''}`
}

const twice = (name: string, given: string): string => `
const twice = ${name}.forward(y${given}).y
const moved = Math.max(...twice.data.map((value, i) => Math.abs(value - y.data[i])))
assert(near(moved, 0, 1e-4), 'to normalize again changes nothing')
`

const gradient = (name: string, given: string, size: number): string => `
// Backward, and beside it the slope of <y, dy> along a direction, in float64.
const wave = (k: number) => Float64Array.from({ length: ${size} }, (_, i) => Math.cos(k * i * i + 1))
const [dy, direction] = [wave(3), wave(5)]
const at = (h: number) => ({ data: direction.map((d, i) => x.data[i] + h * d), shape })
const inner = (a: ArrayLike<number>, b: Float64Array) => b.reduce((sum, value, i) => sum + a[i] * value, 0)
const loss = (h: number) => inner(${name}.forward(at(h)${given}).y.data, dy)
const { dx } = ${name}.backward({ data: dy, shape }, ${name}.forward(at(0)${given}).saved)
const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
assert(near(inner(dx.data, direction), slope, 1e-6), 'the gradient is the slope')
`

function noiseCell(name: string, variant: AnyVariant, shape: readonly number[], options: object): string {
  const all = Object.entries({ ...options, seed: 1 })
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')
  return `import { show } from '@normlab/cell'
import { ${name} } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// ${described(sample(variant))}, drawn for twice. The same seed and step draw the same again.
const shape = ${list(shape)}
const x = { data: Float32Array.from({ length: ${product(shape)} }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3), shape }
const drawn = (step: number) => ${name}.forward(x, {}, { ${all}, step }).y

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y at step 0', ...drawn(0) },
      { label: 'y at step 1', ...drawn(1) },
    ],
    { width, plan: ${name}.plan(shape) },
  ),
)

// Over many steps: what a y is on average, beside x.
const steps = 2000
const sum = new Float64Array(${product(shape)})
for (let step = 0; step < steps; step++) drawn(step).data.forEach((value, i) => (sum[i] += value))
export const meanOfX = x.data.reduce((a, b) => a + b) / ${product(shape)}
export const meanOfY = sum.reduce((a, b) => a + b) / ${product(shape)} / steps
`
}

const folder = new URL('../docs/variants/cells/', import.meta.url)

/**
 * Writes the cells of all variants, and removes those whose variant is gone.
 * @returns the files that were, or with `check` would be, changed.
 */
export async function generateVariantCells({ check }: { check: boolean }): Promise<string[]> {
  // Only now: the index of variants may have been rewritten a moment ago.
  const { records } = await import('../packages/core/src/records/index.ts')
  const style = JSON.parse(await readFile(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'))
  await mkdir(folder, { recursive: true })
  const there = (await readdir(folder)).filter((file) => file.endsWith('.ts'))
  const changed: string[] = []
  const wanted = new Set<string>()
  for (const [name, variant] of Object.entries<AnyVariant>(records as never)) {
    const file = `${name}.ts`
    wanted.add(file)
    const { code } = await format(file, variantCell(name, variant), style)
    if (code === (await readFile(new URL(file, folder), 'utf8').catch(() => ''))) continue
    changed.push(file)
    if (!check) await writeFile(new URL(file, folder), code)
  }
  for (const file of there.filter((each) => !wanted.has(each))) {
    changed.push(file)
    if (!check) await rm(new URL(file, folder))
  }
  return changed
}
