/** Writes a table anew: a head, then rows. */
export function fillTable(
  table: HTMLTableElement,
  [head = [], ...rows]: readonly (readonly string[])[],
): void {
  table.replaceChildren()
  const top = table.createTHead().insertRow()
  for (const word of head) {
    const cell = table.ownerDocument.createElement('th')
    cell.scope = 'col'
    cell.textContent = word
    top.append(cell)
  }
  const body = table.createTBody()
  for (const row of rows) {
    const line = body.insertRow()
    for (const value of row) line.insertCell().textContent = value
  }
}
