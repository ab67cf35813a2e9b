import type { CellEvent } from './events.ts'

/** Whoever runs the cell: the page's sandbox, or the recorder. */
export interface CellHost {
  emit(event: CellEvent): void
  /** What the reader chose for a parameter; undefined where nothing was chosen. */
  chosen(name: string): unknown
}

// By a symbol of the realm: a host and a cell may hold two copies of this file.
const key = Symbol.for('@normlab/cell')
const realm = globalThis as { [key]?: CellHost }

/** Without a host, as under plain `node cell.ts`, everything goes to the console. */
const plain: CellHost = {
  emit(event) {
    if (event.type === 'table') console.table(event.rows)
    else if (event.type === 'figure') console.log(`[figure${event.caption ? `: ${event.caption}` : ''}]`)
    else if (event.type === 'claim') console.log(`✓ ${event.text}`)
    else if (event.type === 'point') console.log(event.chart, event.x, event.y)
    else if (event.type === 'log') console[event.level](event.text)
  },
  chosen: () => undefined,
}

export const host = (): CellHost => realm[key] ?? plain

export function setHost(to: CellHost | undefined): void {
  realm[key] = to
}
