/** When a recorder records: at the epochs it is told, or as often as its budget of time allows. */
import type { RecorderOptions } from './recorderOptions.ts'

const now = (): number => performance.now()

export class Schedule {
  readonly #options: Pick<RecorderOptions, 'epochs' | 'budget' | 'maxEpochs'>
  /** Epoch that runs, counted from 0. */
  epoch = 0
  #stride = 1
  #begun = now()
  /** Milliseconds that recording took since then, and the last time. */
  #spent = 0
  #last = 0

  constructor(options: Pick<RecorderOptions, 'epochs' | 'budget' | 'maxEpochs'>) {
    this.#options = options
  }

  /** Of another model. */
  restart(): void {
    this.#stride = 1
    this.#last = 0
    this.begin()
  }

  begin(): void {
    this.#begun = now()
    this.#spent = 0
  }

  /** @param done epochs completed. */
  due(done: number): boolean {
    const { epochs } = this.#options
    return epochs ? epochs.includes(done) : done % this.#stride === 0 && this.#affordable()
  }

  /** It was due but for the budget. */
  skipped(done: number): boolean {
    return !this.#options.epochs && done % this.#stride === 0
  }

  #affordable(): boolean {
    const { budget = 0.1 } = this.#options
    const training = now() - this.#begun - this.#spent
    return this.#last === 0 || budget === Infinity || this.#spent + this.#last <= budget * training
  }

  async timed<T>(task: () => Promise<T>): Promise<T> {
    const start = now()
    const result = await task()
    this.#last = now() - start
    this.#spent += this.#last
    return result
  }

  /** Once there are more than `maxEpochs` records every second is dropped, and no longer made. */
  thin(records: Map<number, unknown>): void {
    const { maxEpochs = 256 } = this.#options
    while (records.size > maxEpochs) {
      this.#stride *= 2
      for (const epoch of records.keys()) if (epoch % this.#stride) records.delete(epoch)
    }
  }
}
