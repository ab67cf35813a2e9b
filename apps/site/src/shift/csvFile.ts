import type { CsvTable } from '@normlab/docs/shift/experiment/csv.ts'

/** Reads a file that the reader chose. The parser is loaded with the first one; the file goes nowhere. */
export async function readFile(file: File): Promise<{ table?: CsvTable; message: string; failed: boolean }> {
  const [{ readCsv, limits }, { CsvError }] = await Promise.all([
    import('@normlab/docs/shift/experiment/csv.ts'),
    import('@normlab/docs/shift/experiment/csvError.ts'),
  ])
  try {
    const bytes = new Uint8Array(await file.slice(0, limits.bytes + 1).arrayBuffer())
    const table = readCsv(bytes)
    const { count, features, labels, notes } = table
    const about = `${file.name}: ${count} rows, ${features} numeric ${features === 1 ? 'column' : 'columns'}, ${labels.length} classes (${labels.join(', ')}).`
    return { table, message: [about, ...notes].join(' '), failed: false }
  } catch (error) {
    if (error instanceof CsvError) return { message: `${file.name}: ${error.message}`, failed: true }
    return { message: `${file.name} could not be read: ${(error as Error).message}`, failed: true }
  }
}
