import { describe, expect, test } from 'vitest'
import { limits, readCsv } from '../experiment/csv.ts'
import { CsvError } from '../experiment/csvError.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const rows = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n')
const good = rows(12, (i) => `${i},${i * i},${i % 2 ? 'odd' : 'even'}`)
/** `good` with its row `at` (from 1) put in another's place. */
const withRow = (at: number, row: string) =>
  good
    .split('\n')
    .with(at - 1, row)
    .join('\n')

describe('what is read', () => {
  test('plain rows', () => {
    const table = readCsv(bytes(good))
    expect(table).toMatchObject({ count: 12, features: 2, classes: 2, labels: ['even', 'odd'], notes: [] })
    expect([...table.x.slice(0, 6)]).toEqual([0, 0, 1, 1, 2, 4])
    expect([...table.y.slice(0, 3)]).toEqual([0, 1, 0])
  })

  test.each([
    ['a header', `length,width,kind\n${good}`],
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${good}`],
    ['semicolons', good.replaceAll(',', ';')],
    ['tabs', good.replaceAll(',', '\t')],
    ['quoted cells', good.replaceAll(/(\d+),/g, '"$1",')],
    ['blank lines and an end of line', `${good.replace('\n', '\n\n')}\n\n`],
    ['spaces around cells', good.replaceAll(',', ' , ')],
  ])('%s', (_, text) => {
    const table = readCsv(bytes(text))
    const plain = readCsv(bytes(good))
    expect([...table.x]).toEqual([...plain.x])
    expect([...table.y]).toEqual([...plain.y])
  })

  test('a header is named and noted', () => {
    const table = readCsv(bytes(`length,width,kind\n${good}`))
    expect(table.columns).toEqual(['length', 'width', 'kind'])
    expect(table.notes.join()).toContain('length, width, kind')
  })

  test('decimal commas between semicolons; a delimiter inside quotes', () => {
    expect(readCsv(bytes(rows(10, (i) => `${i},5;1e${i};a${i % 2}`))).x[2]).toBe(1.5)
    expect(readCsv(bytes(rows(10, (i) => `${i},"a, b${i % 2}"`))).labels).toEqual(['a, b0', 'a, b1'])
  })

  test('UTF-16 with its mark', () => {
    const units = Uint16Array.from(`\uFEFF${good}`, (letter) => letter.charCodeAt(0))
    expect(readCsv(new Uint8Array(units.buffer)).count).toBe(12)
  })
})

describe('what is refused, and how', () => {
  test.each<[string, string, RegExp]>([
    ['empty', '', /file is empty/],
    ['blank', ' \n\n', /file is empty/],
    ['one column', rows(12, String), /one column only/],
    ['one row', '1,2,a', /1 row; training needs at least 10/],
    ['a header alone', 'length,width,kind', /row of names and nothing under it/],
    ['few rows', rows(9, (i) => `${i},a${i % 2}`), /9 rows; training needs at least 10/],
    ['a short row', withRow(5, '4,16'), /Row 5 has 2 cells; the first row has 3/],
    ['a long row', withRow(5, '4,16,even,7'), /Row 5 has 4 cells; the first row has 3/],
    ['a word for a number', withRow(3, '2,four,even'), /Row 3, column 2 is not a number: “four”/],
    [
      'a word under a header',
      `length,width,kind\n${withRow(3, '2,four,even')}`,
      /Row 4, column 2 \(“width”\) is not a number: “four”/,
    ],
    ['an empty cell', withRow(3, '2,,even'), /Row 3, column 2 is empty/],
    ['NaN', withRow(3, 'NaN,4,even'), /Row 3, column 1 is a missing value, not a number: “NaN”/],
    ['NaN in the first row', withRow(1, 'NaN,4,even'), /Row 1, column 1 is a missing value/],
    ['Infinity', withRow(3, '2,-Infinity,even'), /Row 3, column 2 is infinite: “-Infinity”/],
    ['beyond 32 bits', withRow(3, '2,1e39,even'), /Row 3, column 2 is too large for a 32-bit number/],
    ['hexadecimal', withRow(3, '2,0x10,even'), /Row 3, column 2 is not a number: “0x10”/],
    ['one class', rows(12, (i) => `${i},a`), /Every row is of the class “a”/],
    ['no class', withRow(3, '2,4,'), /Row 3 has no class/],
    ['too many classes', rows(12, (i) => `${i},${i / 7}`), /12 different values; at most 10 classes/],
    ['duplicates alone', rows(12, (i) => `1,2,a${i % 2}`), /All 12 rows hold the same numbers/],
    ['an open quote', withRow(3, '2,"4,even'), /Row 3 has a quote/],
    ['many columns', rows(12, (i) => `${'1,'.repeat(limits.columns)}a${i % 2}`), /65 columns; at most 64/],
    ['many rows', rows(limits.rows + 1, (i) => `${i},a${i % 2}`), /20001 rows; at most 20000/],
  ])('%s', (_, text, message) => {
    expect(() => readCsv(bytes(text))).toThrow(CsvError)
    expect(() => readCsv(bytes(text))).toThrow(message)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['a binary file', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13), /binary file/],
    ['another encoding', Uint8Array.of(49, 44, 0xe9, 10), /not UTF-8/],
    ['too large', new Uint8Array(limits.bytes + 1).fill(49), /2\.0 MB; at most 2 MB/],
  ])('%s', (_, file, message) => expect(() => readCsv(file)).toThrow(message))
})
