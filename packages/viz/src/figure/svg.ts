/** Strings of SVG: escaping, numbers, elements. */

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
// XML has no way to write these, escaped or not.
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export function escape(content: string): string {
  return content.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (char) => ENTITIES[char])
}

/** A coordinate: two decimals are a hundredth of a pixel, and make Node and every browser print the same. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a coordinate is ${value}`)
  const rounded = Math.round(value * 100) / 100
  return rounded === 0 ? '0' : String(rounded)
}

export type Attributes = Record<string, string | number | undefined>

/** An element. Attributes that are undefined are left out; numbers are coordinates; `children` is markup already. */
export function tag(name: string, attributes: Attributes = {}, children?: string): string {
  let open = `<${name}`
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined)
      open += ` ${key}="${typeof value === 'number' ? coordinate(value) : escape(value)}"`
  return children === undefined ? `${open}/>` : `${open}>${children}</${name}>`
}

/** A text element. `content` is plain text. */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return tag('text', { x, y, ...attributes }, escape(content))
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return tag('line', { x1, y1, x2, y2, ...attributes })
}

/** A closed path through points. */
export function polygon(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${coordinate(x)},${coordinate(y)}`).join('L')}Z`
}

/** FNV-1a, for an id that depends on nothing but the content. */
export function hash(content: string): string {
  let h = 0x811c9dc5
  for (let i = 0; i < content.length; i++) h = Math.imul(h ^ content.charCodeAt(i), 0x01000193)
  return (h >>> 0).toString(36)
}
