import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import subset from 'subset-font'

const range = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('')
const ascii = range(0x20, 0x7e)
const greek = range(0x391, 0x3a9) + range(0x3b1, 0x3c9)

/** What running text is made of; fonts.test.ts holds that pages have nothing else. */
export const TEXT = `${ascii}${greek}ϵϕ\u00a0\u00ad\u202f¹²³°±·×÷§©äáàçéèêëíñóöøšúüßÄÉÖÜ‐–—‘’“”…•′″‹›«»\u0302⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ℓ←↑→↓∂∈∏∑−√∞∼≈≠≤≥⊙⋅`

/** What formulas are made of: the same, and the letters of mathematics: bold, italic, script, double struck, Greek italic. */
export const MATH =
  `${TEXT}ˆˇˉ˙˜‖\u2061\u2062\u2063\u2064∀∃∅∇∉∓∗∘∝∥∧∨∩∪∫≡≪≫⊂⊆⊗⊤⊥⌈⌉⌊⌋⏞⏟⟨⟩` +
  `\u0300\u0301\u0303\u0304\u0305\u0307\u030c\u0331⇐⇒⇔ℝℕℤ𝒩𝟙${range(0x1d400, 0x1d467)}${range(0x1d6fc, 0x1d71b)}`

const files: Record<string, string> = {
  '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2': TEXT,
  '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2': TEXT,
  '@fontsource-variable/source-serif-4/files/source-serif-4-greek-wght-normal.woff2': TEXT,
  '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2': TEXT,
  '@fontsource-variable/source-sans-3/files/source-sans-3-greek-wght-normal.woff2': TEXT,
  '@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2': TEXT,
  '@fontsource-variable/source-code-pro/files/source-code-pro-greek-wght-normal.woff2': TEXT,
  '@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2': MATH,
}

const require = createRequire(import.meta.url)

/**
 * The site's fonts with no more in them than its pages show: 330 kB become 160. From weight 400 to 700.
 * @returns the folder that has them, before Vite names its copies by what is in them.
 */
export async function fonts(cache: string): Promise<string> {
  const sources = Object.entries(files).map(
    ([name, characters]) => [name, characters, readFileSync(require.resolve(name))] as const,
  )
  const hash = createHash('sha256')
  for (const [name, characters, source] of sources) hash.update(name).update(characters).update(source)
  const folder = join(cache, hash.digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder
  const made = sources.map(async ([name, characters, source]) => {
    const axes = name.includes('wght')
      ? { variationAxes: { wght: { min: 400, max: 700, default: 400 } } }
      : {}
    return [basename(name), await subset(source, characters, { targetFormat: 'woff2', ...axes })] as const
  })
  const all = await Promise.all(made)
  mkdirSync(folder, { recursive: true })
  for (const [name, font] of all) writeFileSync(join(folder, name), font)
  return folder
}
