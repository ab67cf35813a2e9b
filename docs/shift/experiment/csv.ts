import Papa from 'papaparse'
import { cellProblem, numberIn } from './csvCells.ts'
import { decode } from './csvBytes.ts'
import { CsvError } from './csvError.ts'
import type { Dataset } from './data.ts'

export const limits = { bytes: 2_000_000, rows: 20_000, columns: 64, classes: 10, leastRows: 10 }

export interface CsvTable extends Dataset {
  readonly columns: string[]
  /** What the last column called each class; class 0 stands first. */
  readonly labels: string[]
  /** What was done that the reader may want to know. */
  readonly notes: string[]
}

/** Reads numeric columns and, last, the class. Every problem is a CsvError that says where it is and what would do. */
export function readCsv(bytes: Uint8Array): CsvTable {
  const { text, notes } = decode(bytes, limits.bytes)
  if (!text.trim())
    throw new CsvError('The file is empty. Give a header line and rows of numbers, the class last.')
  const parsed = Papa.parse<string[]>(text, { delimitersToGuess: [',', ';', '\t', '|'] })
  const quote = parsed.errors.find(({ type }) => type === 'Quotes')
  if (quote)
    throw new CsvError(`Row ${(quote.row ?? 0) + 1} has a quote (") that is not closed, or text after one.`)
  const rows = parsed.data
    .map((cells, i) => ({ cells: cells.map((cell) => cell.trim()), number: i + 1 }))
    .filter(({ cells }) => cells.length > 1 || cells[0] !== '')
  const commas = parsed.meta.delimiter !== ','
  const width = rows[0].cells.length
  if (width === 1)
    throw new CsvError('There is one column only. Give one or more columns of numbers and, last, the class.')
  if (width > limits.columns)
    throw new CsvError(`There are ${width} columns; at most ${limits.columns} are read here.`)
  const ragged = rows.find(({ cells }) => cells.length !== width)
  if (ragged)
    throw new CsvError(
      `Row ${ragged.number} has ${count(ragged.cells.length, 'cell')}; the first row has ${width}.`,
    )
  const header = rows[0].cells.slice(0, -1).some((cell) => cellProblem(cell, commas) === 'not a number')
  const columns = header ? rows[0].cells : Array.from({ length: width }, (_, i) => `column ${i + 1}`)
  const body = header ? rows.slice(1) : rows
  if (header) notes.push(`The first row was read as names: ${columns.join(', ')}.`)
  checkRows(body.length, header)
  const features = width - 1
  const x = new Float32Array(body.length * features)
  body.forEach(({ cells, number }, row) => {
    for (let column = 0; column < features; column++) {
      const problem = cellProblem(cells[column], commas)
      if (problem) {
        const name = header ? ` (“${columns[column]}”)` : ''
        throw new CsvError(
          `Row ${number}, column ${column + 1}${name} is ${problem}${quoted(cells[column])}.`,
        )
      }
      x[row * features + column] = numberIn(cells[column], commas)
    }
  })
  const { y, labels } = readClasses(body, columns[features])
  checkSpread(x, body.length, features)
  return { x, y, count: body.length, features, classes: labels.length, columns, labels, notes }
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
const quoted = (cell: string) =>
  cell === '' ? '' : `: “${cell.length > 24 ? `${cell.slice(0, 24)}…` : cell}”`

function checkRows(rows: number, header: boolean): void {
  if (rows === 0) throw new CsvError('There is a row of names and nothing under it.')
  if (rows < limits.leastRows) {
    const besides = header ? ' besides the names' : ''
    throw new CsvError(
      `There ${rows === 1 ? 'is' : 'are'} ${count(rows, 'row')}${besides}; training needs at least ${limits.leastRows}.`,
    )
  }
  if (rows > limits.rows) throw new CsvError(`There are ${rows} rows; at most ${limits.rows} are read here.`)
}

function readClasses(
  body: { cells: string[]; number: number }[],
  name: string,
): { y: Int32Array; labels: string[] } {
  const found = new Map<string, number>()
  const y = Int32Array.from(body, ({ cells, number }) => {
    const label = cells[cells.length - 1]
    if (label === '') throw new CsvError(`Row ${number} has no class: its last cell is empty.`)
    if (!found.has(label)) found.set(label, found.size)
    return found.get(label)!
  })
  const labels = [...found.keys()]
  if (labels.length === 1)
    throw new CsvError(
      `Every row is of the class “${labels[0]}”: there is nothing to tell apart. The class must be the last column.`,
    )
  if (labels.length > limits.classes)
    throw new CsvError(
      `The last column (“${name}”) has ${labels.length} different values; at most ${limits.classes} classes are read. Is the class the last column?`,
    )
  return { y, labels }
}

function checkSpread(x: Float32Array, rows: number, features: number): void {
  const same = x.every((value, i) => value === x[i % features])
  if (same) throw new CsvError(`All ${rows} rows hold the same numbers: a network cannot tell them apart.`)
}
