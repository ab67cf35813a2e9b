import { planOf } from '@normlab/core'
import { axes } from '../axes/axes.ts'
import type { AxesOptions } from '../axes/model.ts'
import { axesFacts } from '../axes/words.ts'
import { integer } from '../figure/format.ts'
import { flagOf, given, listOf, numberOf, sizesOf } from './attributes.ts'
import { FigureElement, type Shown } from './figureElement.ts'

/**
 * `<norm-axes pattern="n s (g k) -> n g" shape="4 3 3 6" sizes="g=2" name="GroupNorm">`: the figure of `axes`.
 *
 * Attributes: pattern, shape, sizes, axis, layout, what, name, shares, highlight, formula, width.
 * Arrow keys, the two buttons and a click move the cell that is set off; each move sends `normlab-cell`
 * with `detail.cell`. What the element contained stays until it has a pattern and a shape.
 */
export class AxesElement extends FigureElement<AxesOptions> {
  static readonly observedAttributes = [
    ...[
      'pattern',
      'shape',
      'sizes',
      'axis',
      'layout',
      'what',
      'name',
      'shares',
      'highlight',
      'formula',
      'width',
    ],
  ]
  #cell: number | null = null

  override attributeChangedCallback(): void {
    this.#cell = null
    super.attributeChangedCallback()
  }

  protected ready(): boolean {
    return this.hasAttribute('pattern') && this.hasAttribute('shape')
  }

  protected show(width: number): Shown {
    const pattern = this.getAttribute('pattern')!
    const shape = listOf('shape', this.getAttribute('shape'))!
    const options = { ...this.#attributes(), ...this.options, width }
    const facts = axesFacts(pattern, shape, options)
    const none = options.highlight === null && this.#cell === null
    const wanted = this.#cell ?? options.highlight ?? 0
    const cell = this.#cell === null ? wanted : Math.min(wanted, facts.drawnCells - 1)
    const plan = planOf(
      pattern,
      shape,
      { axis: options.axis, axes: options.axes, layout: options.layout },
      options.sizes,
    )
    return {
      svg: axes(pattern, shape, { ...options, highlight: none ? null : cell, caption: false }),
      caption: facts.caption,
      thing: 'cell',
      count: facts.drawnCells,
      current: none ? -1 : cell,
      stride: facts.cellsInRow,
      status: none || plan.size === 0 ? '' : `${facts.cellText(cell)}.`,
      table: [
        ['axis', 'size', 'statistics'],
        ...plan.dims.map((dim) => [
          dim.name === dim.axis ? dim.name : `${dim.name} (part of ${dim.axis})`,
          integer(dim.size),
          dim.kept ? 'one for each index' : 'shared along it',
        ]),
      ],
    }
  }

  protected choose(index: number): void {
    this.#cell = index
    this.schedule()
    this.dispatchEvent(new CustomEvent('normlab-cell', { bubbles: true, detail: { cell: index } }))
  }

  #attributes(): AxesOptions {
    return given({
      sizes: sizesOf('sizes', this.getAttribute('sizes')),
      axis: listOf('axis', this.getAttribute('axis')),
      layout: this.getAttribute('layout') ?? undefined,
      what: (this.getAttribute('what') ?? undefined) as AxesOptions['what'],
      name: this.getAttribute('name') ?? undefined,
      shares: this.getAttribute('shares') ?? undefined,
      highlight:
        this.getAttribute('highlight') === 'none'
          ? null
          : numberOf('highlight', this.getAttribute('highlight')),
      formula: flagOf(this.getAttribute('formula')),
    })
  }
}
