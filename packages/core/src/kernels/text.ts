/**
 * Bytes as text that stands in a string literal as it is, and that gzip packs almost as well as the bytes: a character for
 * each of the 87 most frequent ones, two for the others. No quote, backslash, dollar sign or backtick.
 */
const RANGE = 87
/** WebAssembly's most frequent bytes go from 0xfd over 0xff to 0x53. */
const OFFSET = 3
const FIRST = '('.charCodeAt(0)
/** Before a character of the second and of the third range. */
const PREFIXES = '%&'

export const encode = (bytes: Uint8Array): string => Array.from(bytes, encodeByte).join('')

function encodeByte(byte: number): string {
  const value = (byte + OFFSET) & 255
  const range = Math.floor(value / RANGE)
  const char = String.fromCharCode(FIRST + (value % RANGE))
  return (PREFIXES[range - 1] ?? '') + (char === '\\' ? '!' : char === '`' ? '#' : char)
}

export function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  let range = 0
  for (const char of text) {
    const prefix = PREFIXES.indexOf(char) + 1
    const plain = char === '!' ? '\\' : char === '#' ? '`' : char
    if (!prefix) bytes.push(plain.charCodeAt(0) - FIRST + range * RANGE - OFFSET)
    range = prefix
  }
  return Uint8Array.from(bytes)
}
