/** The worker's side of the output: console, events in batches, and limits. Reader's code shares this realm, so what is
 * used after it has started is taken from the realm before. */
import type { CellHost } from '../current.ts'
import type { CellEvent, Level } from '../events.ts'
import { cells } from '../table.ts'
import { line } from '../text.ts'

/** Milliseconds between batches. */
const EVERY = 16
/** Of one run: what is kept. */
const MOST_EVENTS = 10_000
const MOST_POINTS = 200_000
const MOST_CHARACTERS = 4_000_000
/** Of one batch, so that a flood comes in pieces. */
const BATCH = 1000

const { now } = performance
const clock = now.bind(performance)
const later = setTimeout

export type Post = (events: CellEvent[], dropped: number) => void

/** Lines that a reader can take in: past the limits they are counted and no more. */
export class OutputQueue {
  #events: CellEvent[] = []
  #dropped = 0
  #count = 0
  #points = 0
  #characters = 0
  #last = 0
  #waiting = false
  readonly #post: Post

  constructor(post: Post) {
    this.#post = post
  }

  add(event: CellEvent, characters: number): void {
    const point = event.type === 'point'
    const full = point ? this.#points >= MOST_POINTS : this.#count >= MOST_EVENTS
    if (full || this.#characters + characters > MOST_CHARACTERS) this.#dropped++
    else {
      if (point) this.#points++
      else this.#count++
      this.#characters += characters
      this.#events[this.#events.length] = event
    }
    // A loop that never ends never comes back here by a timer.
    if (this.#events.length >= BATCH || clock() - this.#last > EVERY) this.flush()
    else if (!this.#waiting) {
      this.#waiting = true
      later(() => this.flush(), EVERY)
    }
  }

  flush(): void {
    this.#waiting = false
    this.#last = clock()
    if (this.#events.length === 0 && this.#dropped === 0) return
    this.#post(this.#events, this.#dropped)
    this.#events = []
    this.#dropped = 0
  }
}

const size = (event: CellEvent): number => {
  if (event.type === 'log' || event.type === 'claim') return event.text.length
  if (event.type === 'figure') return event.svg.length + (event.narrow?.length ?? 0)
  if (event.type !== 'table') return 0
  let sum = 0
  for (let i = 0; i < event.rows.length; i++)
    for (let k = 0; k < event.rows[i].length; k++) sum += event.rows[i][k].length
  return sum
}

export const hostOf = (queue: OutputQueue, chosen: Readonly<Record<string, unknown>>): CellHost => ({
  emit: (event) => queue.add(event, size(event)),
  chosen: (name) => (Object.hasOwn(chosen, name) ? chosen[name] : undefined),
})

/** The realm's console, in front of the reader instead of in the browser's tools. */
export function takeConsole(host: CellHost): void {
  const log =
    (level: Level) =>
    (...values: unknown[]) =>
      host.emit({ type: 'log', level, text: line(values) })
  const error = log('error')
  Object.assign(console, {
    log: log('log'),
    info: log('info'),
    warn: log('warn'),
    error,
    debug: log('debug'),
    dir: log('log'),
    group: log('log'),
    trace: log('log'),
    assert: (holds: unknown, ...values: unknown[]) => void (holds || error('Assertion failed', ...values)),
    table: (rows: unknown) => host.emit({ type: 'table', rows: cells(Array.isArray(rows) ? rows : [rows]) }),
  })
}
