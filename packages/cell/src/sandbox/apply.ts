import type { Edit } from './protocol.ts'

/** Blanks stretches, lines kept, or puts a text in their place. */
export function apply(source: string, edits: readonly Edit[]): string {
  let [result, at] = ['', 0]
  for (const [start, end, text] of edits) {
    result += source.slice(at, start) + (text ?? source.slice(start, end).replaceAll(/[^\r\n]/g, ' '))
    at = end
  }
  return result + source.slice(at)
}
