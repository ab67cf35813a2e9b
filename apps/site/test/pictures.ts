/** Pictures that are kept beside the tests, and compared with what a browser draws now. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'

const kept = join(import.meta.dirname, 'pictures')
/** Not committed: what was drawn, and where it differs. */
const failed = join(kept, 'failed')

/**
 * How far a pixel's colour may be off, as pixelmatch counts it, and how many pixels may be off by more. Between Chromium 133
 * and 156, both without hinting, it is 1 pixel at most. Where one tick's label of 11 px is gone it is 5; where one ellipse
 * has moved by 3 px, 38.
 */
const THRESHOLD = 0.1
const PIXELS = 3

/** Pixels that are off; those of `a` and `b` of different sizes are all. */
function distance(a: PNG, b: PNG, diff: PNG): number {
  if (a.width !== b.width || a.height !== b.height) return Math.max(a.width * a.height, b.width * b.height)
  return pixelmatch(a.data, b.data, diff.data, a.width, a.height, { threshold: THRESHOLD, includeAA: true })
}

/**
 * What differs between a picture and the one that is kept under its name, in words; empty where they are the same.
 * UPDATE_FIGURES=1 keeps the new one.
 */
export function differsFromKept(name: string, png: Buffer): string {
  const file = join(kept, `${name}.png`)
  if (!existsSync(file) && !process.env.UPDATE_FIGURES)
    return `${name} has no picture yet: UPDATE_FIGURES=1 keeps one`
  const now = PNG.sync.read(png)
  const before = existsSync(file) ? PNG.sync.read(readFileSync(file)) : new PNG({ width: 1, height: 1 })
  const diff = new PNG({ width: now.width, height: now.height })
  const off = distance(now, before, diff)
  if (off <= PIXELS) return ''
  if (process.env.UPDATE_FIGURES) {
    mkdirSync(kept, { recursive: true })
    writeFileSync(file, png)
    return ''
  }
  mkdirSync(failed, { recursive: true })
  writeFileSync(join(failed, `${name}.png`), png)
  writeFileSync(join(failed, `${name}-differs.png`), PNG.sync.write(diff))
  const sizes = [before, now].map(({ width, height }) => `${width} by ${height}`).join(' before, now ')
  return `${name}: ${off} pixels differ (${sizes}). See ${failed}`
}
