const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const largest = 3.4028234663852886e38

/** A comma may stand for the point where it does not part the cells. */
const pointed = (cell: string, commas: boolean): string =>
  commas && /^[+-]?\d*,\d+$/.test(cell) ? cell.replace(',', '.') : cell

export const numberIn = (cell: string, commas: boolean): number => Number(pointed(cell, commas))

/** What keeps a cell from being a number; undefined for a good one. */
export function cellProblem(cell: string, commas: boolean): string | undefined {
  if (cell === '') return 'empty'
  if (/^[+-]?(nan|na|n\/a|null)$/i.test(cell)) return 'a missing value, not a number'
  if (/^[+-]?(inf|infinity)$/i.test(cell)) return 'infinite'
  const text = pointed(cell, commas)
  if (!plain.test(text)) return 'not a number'
  return Math.abs(Number(text)) > largest ? 'too large for a 32-bit number' : undefined
}
