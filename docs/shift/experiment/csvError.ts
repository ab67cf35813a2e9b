/** A CSV that cannot be used, said to the reader. */
export class CsvError extends Error {
  override name = 'CsvError'
}
