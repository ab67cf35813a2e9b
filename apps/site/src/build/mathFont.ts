import subset from 'subset-font'
import type { Plugin } from 'vite'

/** First and last of what formulas here are made of: letters, Greek, accents, arrows, operators, brackets, italics, double struck. */
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x300, 0x338],
  [0x370, 0x3ff],
  [0x2010, 0x2064],
  [0x2100, 0x214f],
  [0x2190, 0x21ff],
  [0x2200, 0x22ff],
  [0x2308, 0x230b],
  [0x23b4, 0x23e1],
  [0x27e6, 0x27ef],
  [0x1d400, 0x1d467],
  [0x1d538, 0x1d56b],
  [0x1d6a8, 0x1d71b],
] as const

const characters = RANGES.map(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join(''),
).join('')

/** STIX Two Math without the signs that no formula has: 400 kB become 120. Its tall brackets and roots stay. The
 * file keeps the name that it has of the whole font: who changes RANGES makes browsers keep the old one until theirs expires. */
export const mathFont = (): Plugin => ({
  name: 'normlab-math-font',
  apply: 'build',
  async generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'asset' && /stix-two-math.*\.woff2$/.test(file.fileName))
        file.source = await subset(Buffer.from(file.source as Uint8Array), characters, {
          targetFormat: 'woff2',
        })
  },
})
