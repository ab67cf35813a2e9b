import type { Dataset } from '@normlab/docs/shift/experiment/data.ts'
import { defaultState, type PageState } from '@normlab/docs/shift/experiment/fields.ts'
import type { Frame } from '@normlab/docs/shift/experiment/train.ts'
import type { WorkerMessage } from './messages.ts'
import { Runner } from './runner.ts'
import type { Stage } from './stage.ts'
import { diverged, divergenceText, endText, progressText } from './words.ts'

/** One training run: its buttons, its progress, its words. */
export class Run {
  /** The settings of the run that the figures show. */
  state: PageState = defaultState
  readonly #runner = new Runner()
  readonly #root: HTMLElement
  readonly #stage: Stage
  #last: Frame | undefined

  constructor(root: HTMLElement, stage: Stage) {
    this.#root = root
    this.#stage = stage
  }

  start(state: PageState, csv?: Dataset) {
    this.state = state
    this.#last = undefined
    this.settingsChanged(false)
    this.#buttons(true)
    this.#say('Loading TensorFlow.js …')
    this.#warn([])
    this.#stage.begin(state)
    performance.mark('shift-run')
    const { data, norm, activation, depth, width, batch, rate, epochs, seed } = state
    const run = { data, norm, activation, depth, width, batch, rate, epochs, seed }
    this.#runner.start(csv ? { run, csv } : { run }, (message) => this.#hear(message))
  }

  stop() {
    if (!this.#runner.running) return
    this.#runner.stop()
    this.#end(this.#last ? endText(this.#last, this.state, true) : 'Stopped before the first step.')
  }

  settingsChanged(changed: boolean) {
    this.#root.querySelector<HTMLElement>('[data-changed]')!.hidden = !changed
  }

  #hear(message: WorkerMessage) {
    if (message.type === 'ready') {
      performance.mark('shift-ready')
      this.#say('Training …')
    } else if (message.type === 'frame') this.#frame(message.frame)
    else if (message.type === 'done') this.#end(endText(this.#last!, this.state, false))
    else this.#end(`The run could not go on: ${message.message}.`)
  }

  #frame(frame: Frame) {
    if (!this.#last) performance.mark('shift-first-frame', { detail: frame.step })
    this.#last = frame
    this.#stage.add(frame)
    const progress = this.#root.querySelector('progress')!
    progress.max = frame.steps
    progress.value = frame.step
    this.#root.querySelector('[data-progress]')!.textContent = progressText(frame, this.state)
    const lost = (['without', 'with'] as const).filter((side) => diverged(frame[side], frame.step))
    if (lost.length) this.#warn(lost)
  }

  #end(words: string) {
    this.#buttons(false)
    this.#say(words)
    this.#stage.end()
  }

  #buttons(running: boolean) {
    const button = (name: string) => this.#root.querySelector<HTMLButtonElement>(`[data-act=${name}]`)!
    const focused = document.activeElement
    button('run').hidden = running
    button('stop').hidden = !running
    this.#root.toggleAttribute('data-running', running)
    if (running && focused === button('run')) button('stop').focus()
    if (!running && focused === button('stop')) button('run').focus()
  }

  /** For a screen reader too: said at the start and at the end, not at every frame. */
  #say(words: string) {
    this.#root.querySelector('[data-status]')!.textContent = words
    this.#root.querySelector('[data-progress]')!.textContent = ''
  }

  #warn(lost: string[]) {
    const box = this.#root.querySelector<HTMLElement>('[data-diverged]')!
    const words = lost.length ? divergenceText(lost, this.state) : ''
    if (box.textContent !== words) box.textContent = words
  }
}
