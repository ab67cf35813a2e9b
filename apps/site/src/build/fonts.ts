import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import subset from 'subset-font'

const range = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('')
const ascii = range(0x20, 0x7e)
const greek = range(0x391, 0x3a1) + range(0x3a3, 0x3a9) + range(0x3b1, 0x3c9)

/**
 * What the text fonts lack, in the files that there are of them: drawn in the font of formulas. No letter that they have:
 * while they are not there, it would come from here, amid those of the system's font.
 */
export const SIGNS = 'ϵϕš‐⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ℓ←→∂∈∏∑√∞∼≈≠≤≥⊙⋅'

/** What running text is made of; fonts.page.test.ts holds that pages have nothing else, and that the fonts have all of it. */
export const TEXT = `${ascii}${greek}\u00a0\u00ad\u202f¹²³°±·×÷§©äáàçéèêëíñóöøúüßÄÉÖÜ–—‘’“”…•′″‹›«»↑↓−${SIGNS}`

/** What formulas are made of: the same, and the letters of mathematics: bold, italic, script, double struck, Greek italic. */
export const MATH =
  `${TEXT}ˆˇˉ˙˜‖\u2061\u2062\u2063\u2064∀∃∅∇∉∓∗∘∝∥∧∨∩∪∫≡≪≫⊂⊆⊗⊤⊥⌈⌉⌊⌋⏞⏟⟨⟩` +
  `\u0300\u0301\u0302\u0303\u0304\u0305\u0307\u030c\u0331⇐⇒⇔ℝℕℤ𝒩𝟙${range(0x1d400, 0x1d467)}${range(0x1d6fc, 0x1d71b)}`

const stix = '@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2'

/** What fonts.css names, where it comes from, and what stays in it. */
const files: readonly (readonly [file: string, source: string, characters: string])[] = [
  ...[
    '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
    '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2',
    '@fontsource-variable/source-serif-4/files/source-serif-4-greek-wght-normal.woff2',
    '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
    '@fontsource-variable/source-sans-3/files/source-sans-3-greek-wght-normal.woff2',
    '@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2',
    '@fontsource-variable/source-code-pro/files/source-code-pro-greek-wght-normal.woff2',
  ].map((source) => [basename(source), source, TEXT] as const),
  ['signs.woff2', stix, SIGNS],
  [basename(stix), stix, MATH],
]

const require = createRequire(import.meta.url)

/**
 * The site's fonts with no more in them than its pages show: 330 kB become 160. From weight 400 to 700.
 * @returns the folder that has them, before Vite names its copies by what is in them.
 */
export async function fonts(cache: string): Promise<string> {
  const sources = files.map(
    ([file, source, characters]) => [file, characters, readFileSync(require.resolve(source))] as const,
  )
  const hash = createHash('sha256')
  for (const [file, characters, source] of sources) hash.update(file).update(characters).update(source)
  const folder = join(cache, hash.digest('hex').slice(0, 12))
  if (existsSync(folder)) return folder
  const made = sources.map(async ([file, characters, source]) => {
    const axes = file.includes('wght')
      ? { variationAxes: { wght: { min: 400, max: 700, default: 400 } } }
      : {}
    return [file, await subset(source, characters, { targetFormat: 'woff2', ...axes })] as const
  })
  const all = await Promise.all(made)
  mkdirSync(folder, { recursive: true })
  for (const [file, font] of all) writeFileSync(join(folder, file), font)
  return folder
}
