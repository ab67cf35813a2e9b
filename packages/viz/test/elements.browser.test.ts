import { afterEach, describe, expect, test } from 'vitest'
import '../src/elements/index.ts'
import type { AxesElement, RidgelineElement } from '../src/elements/index.ts'
import { drifting, steady } from './figures.ts'

const frame = (): Promise<unknown> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
const press = (target: Element, key: string): boolean =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

function put<K extends keyof HTMLElementTagNameMap>(html: string): HTMLElementTagNameMap[K] {
  const holder = document.createElement('div')
  holder.style.width = '500px'
  holder.innerHTML = html
  document.body.append(holder)
  return holder.firstElementChild as HTMLElementTagNameMap[K]
}

afterEach(() => {
  document.body.replaceChildren()
})

const part = (element: Element, name: string): HTMLElement =>
  element.querySelector<HTMLElement>(`.normlab-${name}`)!

describe('norm-axes', () => {
  test('draws from attributes, with caption and table', async () => {
    const element = put<'norm-axes'>(
      '<norm-axes pattern="n s (g k) -> n g" shape="4, 3 3x6" sizes="g=2" name="GroupNorm"></norm-axes>',
    )
    await frame()
    expect(element.querySelector('svg')!.getAttribute('viewBox')).toMatch(/^0 0 500 /)
    expect(part(element, 'caption').textContent).toBe(
      'GroupNorm: each of the 4 × 2 = 8 (n, g) cells averages 27 values.',
    )
    expect(element.querySelectorAll('tbody tr')).toHaveLength(5)
    expect(element.querySelector('details summary')).not.toBeNull()
  })

  test('arrow keys move the cell, and it is announced politely', async () => {
    const element = put<'norm-axes'>('<norm-axes pattern="n s c -> n c" shape="2 3 4"></norm-axes>')
    await frame()
    const plot = part(element, 'plot')
    const status = part(element, 'status')
    expect(plot.tabIndex).toBe(0)
    expect(status.getAttribute('aria-live')).toBe('polite')
    expect(status.textContent).toContain('Cell A (n = 0, c = 0)')
    const heard: number[] = []
    element.addEventListener('normlab-cell', (event) => heard.push((event as CustomEvent).detail.cell))
    plot.focus()
    expect(press(plot, 'ArrowRight')).toBe(false)
    await frame()
    expect(status.textContent).toContain('Cell B (n = 0, c = 1)')
    expect(document.activeElement).toBe(plot)
    press(plot, 'ArrowDown')
    await frame()
    expect(status.textContent).toContain('Cell F (n = 1, c = 1)')
    press(plot, 'End')
    await frame()
    expect(status.textContent).toContain('Cell H')
    press(plot, 'Home')
    await frame()
    expect(heard).toEqual([1, 5, 7, 0])
    expect(press(plot, 'Tab')).toBe(true)
  })

  test('buttons step, go round, and are large enough', async () => {
    const element = put<'norm-axes'>('<norm-axes pattern="n c -> c" shape="2 3"></norm-axes>')
    await frame()
    const [back, next] = element.querySelectorAll('button')
    expect([back.ariaLabel, next.ariaLabel]).toEqual(['previous cell', 'next cell'])
    expect(Math.min(next.offsetWidth, next.offsetHeight)).toBeGreaterThanOrEqual(24)
    back.click()
    await frame()
    expect(part(element, 'status').textContent).toContain('Cell C')
  })

  test('a click on an element sets off its cell', async () => {
    const element = put<'norm-axes'>('<norm-axes pattern="n c -> c" shape="2 3"></norm-axes>')
    await frame()
    element.querySelector('[data-cell="2"]')!.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await frame()
    expect(part(element, 'status').textContent).toContain('Cell C')
  })

  test.each([
    ['pattern="n s" shape="2 3"', /pattern: no arrow/],
    ['pattern="n c -> c" shape="two 3"', /shape: "two"/],
    ['pattern="n c -> c" shape="2 3" highlight="9"', /highlight: 9/],
    ['pattern="n c -> c" shape="2 3" width="5"', /width: 5/],
    ['pattern="<img onerror=alert(1)> -> c" shape="2 3"', /pattern/],
  ])('%s is an error in place', async (attributes, says) => {
    const element = put<'norm-axes'>('<norm-axes></norm-axes>')
    for (const [, name, value] of attributes.matchAll(/(\w+)="([^"]*)"/g)) element.setAttribute(name, value)
    await frame()
    const error = part(element, 'error')
    expect(error.hidden).toBe(false)
    expect(error.getAttribute('role')).toBe('alert')
    expect(error.textContent).toMatch(says)
    expect(part(element, 'plot').hidden).toBe(true)
    expect(element.querySelector('img')).toBeNull()
    element.setAttribute('pattern', 'n c -> n')
    element.setAttribute('shape', '2 3')
    element.removeAttribute('highlight')
    element.removeAttribute('width')
    await frame()
    expect(error.hidden).toBe(true)
    expect(element.querySelector('svg')).not.toBeNull()
  })

  test('what the page was built with stays until there is data', async () => {
    const element = put<'norm-axes'>('<norm-axes><svg id="built"></svg></norm-axes>')
    await frame()
    expect(element.querySelector('#built')).not.toBeNull()
    element.setAttribute('pattern', 'n c -> n')
    element.setAttribute('shape', '2 3')
    await frame()
    expect(element.querySelector('#built')).toBeNull()
  })
})

describe('norm-ridgeline', () => {
  const ready = async (attributes = ''): Promise<RidgelineElement> => {
    const element = put<'norm-ridgeline'>(
      `<norm-ridgeline ${attributes}><svg id="built"></svg></norm-ridgeline>`,
    )
    element.record = drifting
    await frame()
    return element
  }

  test('keeps static children until it has a record', async () => {
    const element = put<'norm-ridgeline'>('<norm-ridgeline><svg id="built"></svg></norm-ridgeline>')
    await frame()
    expect(element.querySelector('#built')).not.toBeNull()
    element.record = drifting
    await frame()
    expect(element.querySelector('#built')).toBeNull()
    expect(element.querySelectorAll('g[data-epoch]')).toHaveLength(6)
    expect(element.querySelectorAll('tbody tr')).toHaveLength(6)
  })

  test('draws once a frame, however often it is told', async () => {
    const element = await ready()
    let drawn = 0
    const watch = new MutationObserver((changes) => (drawn += changes.length ? 1 : 0))
    watch.observe(part(element, 'plot'), { childList: true })
    for (let i = 0; i < 20; i++) element.options = { xLabel: `x ${i}` }
    element.record = steady
    await frame()
    expect(drawn).toBe(1)
    expect(element.querySelector('svg')!.textContent).toContain('x 19')
  })

  test('draws for the width that it has', async () => {
    const element = await ready()
    element.parentElement!.style.width = '300px'
    await frame()
    await frame()
    expect(element.querySelector('svg')!.getAttribute('width')).toBe('300')
    element.setAttribute('width', '420')
    await frame()
    expect(element.querySelector('svg')!.getAttribute('width')).toBe('420')
  })

  test('arrow keys go through the rows and say their numbers', async () => {
    const element = await ready('tone="with"')
    const plot = part(element, 'plot')
    expect(part(element, 'status').textContent).toBe('')
    press(plot, 'ArrowDown')
    await frame()
    expect(part(element, 'status').textContent).toMatch(
      /^Epoch 1: mean −0.0833, standard deviation .* values from −7.90 to 7.90\.$/,
    )
    press(plot, 'ArrowDown')
    await frame()
    expect(part(element, 'status').textContent).toMatch(/^Epoch 2:/)
    press(plot, 'End')
    await frame()
    expect(part(element, 'status').textContent).toMatch(/^Epoch 30:/)
  })

  test.each([
    ['unit="4"', /unit: 4 is not in the record/],
    ['unit="x"', /unit: "x"/],
    ['tone="blue"', /tone: "blue"/],
    ['domain="3"', /domain/],
  ])('%s is an error in place', async (attributes, says) => {
    const element = await ready(attributes)
    expect(part(element, 'error').textContent).toMatch(says)
    expect(part(element, 'error').offsetHeight).toBeGreaterThan(10)
  })

  test('a record that is none is an error in place', async () => {
    const element = put<'norm-ridgeline'>('<norm-ridgeline></norm-ridgeline>')
    element.record = { format: 'x' } as never
    await frame()
    expect(part(element, 'error').textContent).toMatch(/record/)
  })

  test('survives leaving and coming back', async () => {
    const element = await ready()
    const holder = element.parentElement!
    element.remove()
    element.record = steady
    holder.append(element)
    await frame()
    expect(part(element, 'caption').textContent).toContain('stays')
  })
})

test('no motion of its own: no animation and no transition', async () => {
  const element = put<'norm-axes'>('<norm-axes pattern="n c -> c" shape="2 3"></norm-axes>') as AxesElement
  await frame()
  expect(document.getAnimations()).toHaveLength(0)
  for (const node of element.querySelectorAll('*'))
    expect(getComputedStyle(node).transitionDuration).toBe('0s')
})

test('properties set before the element is known are not lost', async () => {
  const element = document.createElement('norm-ridgeline')
  Object.defineProperty(element, 'record', { value: drifting, configurable: true, writable: true })
  document.body.append(element)
  await frame()
  expect(element.querySelector('svg')).not.toBeNull()
})
