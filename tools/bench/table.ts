import type { Row } from './core.ts'

const columns = (cells: readonly string[]): string =>
  [26, 10, 16, 18, 9, 11]
    .map((width, i) => (i < 4 ? cells[i].padEnd(width) : cells[i].padStart(width)))
    .join(' ') + (cells[6] ? `  ${cells[6]}` : '')

export function printTitle(): void {
  console.log(columns(['op', 'pass', 'shape', 'candidate', 'ns/elem', 'of traffic', 'against peers']))
}

export function printRow({ op, pass, shape, candidate, nsPerElement, ofTraffic, vs }: Row): void {
  const against = Object.entries(vs).map(([name, times]) => `${times.toFixed(1)} x ${name}`)
  const name = candidate.startsWith('core') || against.length ? candidate : `(${candidate})`
  console.log(
    columns([
      op,
      pass,
      shape.join('x'),
      name,
      nsPerElement.toFixed(3),
      ofTraffic.toFixed(2),
      against.join(', '),
    ]),
  )
}
