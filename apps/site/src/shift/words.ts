import { fields, type PageState } from '@normlab/docs/shift/experiment/fields.ts'
import type { Frame, NetworkFrame } from '@normlab/docs/shift/experiment/train.ts'

const percent = (share: number) => `${Math.round(share * 100)}%`

/** True from the frame on where a network's numbers are no longer numbers. */
export const diverged = ({ loss, values }: NetworkFrame, step: number): boolean =>
  (step > 0 && !Number.isFinite(loss)) || values.linear.some((layer) => !Number.isFinite(layer[0]))

export function progressText({ epoch, step, ...sides }: Frame, { epochs }: PageState): string {
  const one = (name: string, frame: NetworkFrame) => {
    if (diverged(frame, step)) return `${name}: diverged`
    const loss = Number.isFinite(frame.loss) ? `loss ${frame.loss.toFixed(3)}, ` : ''
    return `${name}: ${loss}${percent(frame.accuracy)} right`
  }
  return `Epoch ${Math.floor(epoch)} of ${epochs} · ${one('without', sides.without)} · ${one('with', sides.with)}`
}

/** What the figures show, where it is not what the page's own caption tells. */
export function aboutText({ scope, layer, unit, side }: PageState, run: PageState | undefined): string {
  const text = (name: 'data' | 'norm' | 'activation' | 'side', value: string) =>
    (fields[name].options as Record<string, string>)[value]
  const where = {
    neuron: `neuron ${unit} of layer ${layer}`,
    layer: `all of layer ${layer}`,
    network: 'the whole network',
  }
  const shown = `${where[scope]}, ${text('side', side)}.`
  if (!run) return `The recorded run: ${shown}`
  const { data, norm, activation, depth, width, batch, rate, seed } = run
  const against =
    norm === 'none' ? 'No normalization in either network' : `${text('norm', norm)} against none`
  const net = `${depth} layers of ${width} ${text('activation', activation)} units`
  return `Your run: ${shown} ${against}; ${net}; ${text('data', data)}; batches of ${batch}; learning rate ${rate}; seed ${seed}.`
}

/** Why numbers run away, in a sentence for the reader. */
export function divergenceText(which: string[], { rate }: PageState): string {
  return (
    `The network ${which.join(' and the one ')} normalization has diverged: its loss is not a number. ` +
    `At learning rate ${rate} a step overshoots, the next gradient is larger still, and the weights outgrow ` +
    `what 32 bits can hold. Try a smaller learning rate.`
  )
}

export function endText(last: Frame, state: PageState, stopped: boolean): string {
  const first = stopped ? 'Stopped.' : 'Done.'
  return `${first} ${progressText(last, state)} of the test examples.`
}
