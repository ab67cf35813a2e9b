// `pnpm cells [words]`: runs the cells of docs/ whose path holds one of the words, or all, and records what they print.
import { cellFiles } from './cells/files.ts'
import { record } from './cells/record.ts'

const words = process.argv.slice(2)
const cells = cellFiles().filter((cell) => words.length === 0 || words.some((word) => cell.includes(word)))
if (cells.length === 0) console.error(`No cell's path holds ${words.join(' or ')}`)
process.exitCode = cells.length && (await record(cells)) ? 0 : 1
