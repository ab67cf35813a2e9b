import { CsvError } from './csvError.ts'

/** Text of a file: UTF-8 with or without its mark, or UTF-16 with one. */
export function decode(bytes: Uint8Array, most: number): { text: string; notes: string[] } {
  if (bytes.length > most)
    throw new CsvError(
      `The file has ${(bytes.length / 1e6).toFixed(1)} MB; at most ${most / 1e6} MB are read here.`,
    )
  const mark = bytes[0] * 256 + bytes[1]
  if (mark === 0xfffe) return { text: new TextDecoder('utf-16le').decode(bytes), notes: ['Read as UTF-16.'] }
  if (mark === 0xfeff) return { text: new TextDecoder('utf-16be').decode(bytes), notes: ['Read as UTF-16.'] }
  if (bytes.includes(0)) throw new CsvError('This is a binary file, not text. Save the table as CSV.')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), notes: [] }
  } catch {
    throw new CsvError('The file is not UTF-8 text. Save the table as “CSV UTF-8”.')
  }
}
