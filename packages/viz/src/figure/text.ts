/** Text without a DOM: widths are estimated from the proportions of common sans-serif faces, a little on the wide side. */

const NARROW = new Set("iljI.,:;'|!()[]ft ")
const WIDE = new Set('mwMW@%—…')

/** Estimated width in pixels of `content` at `size` pixels. */
export function textWidth(content: string, size: number): number {
  let width = 0
  for (const char of content) {
    if (NARROW.has(char)) width += 0.34
    else if (WIDE.has(char)) width += 0.92
    else if (char >= '0' && char <= '9') width += 0.6
    else if (char >= 'A' && char <= 'Z') width += 0.7
    else width += char.codePointAt(0)! > 0x2e80 ? 1.05 : 0.585
  }
  return width * size
}

/** `content`, cut with an ellipsis where it is wider than `width`. */
export function fit(content: string, size: number, width: number): string {
  if (textWidth(content, size) <= width) return content
  const chars = [...content]
  while (chars.length && textWidth(`${chars.join('')}…`, size) > width) chars.pop()
  return `${chars.join('').trimEnd()}…`
}

/** Bold type is wider by about this. */
export const BOLD = 1.12

/** Lines no wider than `width`. A word that is wider by itself is cut. */
export function wrap(content: string, size: number, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of content.split(/\s+/).filter(Boolean)) {
    const longer = current ? `${current} ${word}` : word
    if (textWidth(longer, size) <= width) {
      current = longer
      continue
    }
    if (current) lines.push(current)
    current = fit(word, size, width)
  }
  if (current) lines.push(current)
  return lines
}
