/** The one set of colours that the figures and the site share. Light and dark are each designed; neither is the other inverted. */

/** Token names, without the prefix `--normlab-`. */
export type TokenName = keyof typeof light

const light = {
  surface: '#ffffff',
  raised: '#f4f5f8',
  ink: '#1c2028',
  muted: '#596170',
  rule: '#868e9c',
  grid: '#dfe3ea',
  // Hues after Okabe & Ito 2008, darkened until text in them passes 4.5:1. k is what g leaves of c, hence a brown.
  'axis-n': '#0b66a8',
  'axis-c': '#b8430c',
  'axis-s': '#0a7152',
  'axis-g': '#96367d',
  'axis-k': '#87592a',
  'axis-o': '#a82c4c',
  'axis-i': '#4d6480',
  without: '#9a6200',
  with: '#4b48c9',
  highlight: '#ffc83d',
  'cell-1': '#d0e2f6',
  'cell-2': '#f4d3c3',
  'cell-3': '#c8e8d9',
  'cell-4': '#e3cbe2',
  'cell-5': '#f8f1c4',
}

const dark: Record<keyof typeof light, string> = {
  surface: '#16181d',
  raised: '#20242b',
  ink: '#e9ecf1',
  muted: '#a3acba',
  rule: '#7b8494',
  grid: '#30353f',
  'axis-n': '#6fb6f2',
  'axis-c': '#ff9b63',
  'axis-s': '#4fcb9f',
  'axis-g': '#e79bd0',
  'axis-k': '#d6a982',
  'axis-o': '#ff91a6',
  'axis-i': '#a2b7d0',
  without: '#e2ae3f',
  with: '#a9a3ff',
  highlight: '#835b00',
  'cell-1': '#24425e',
  'cell-2': '#613523',
  'cell-3': '#1c4a3b',
  'cell-4': '#4c2a4c',
  'cell-5': '#655c28',
}

/** Values of every token in both themes. */
export const tokens: Readonly<Record<'light' | 'dark', Readonly<Record<TokenName, string>>>> = { light, dark }

/** How many `cell-*` tints there are. */
export const TINTS = 5

/** A paint that follows the page's theme, and stands alone where the page has no tokens. */
export function token(name: TokenName): string {
  return `var(--normlab-${name}, light-dark(${light[name]}, ${dark[name]}))`
}

const AXES = ['n', 'c', 's', 'g', 'k', 'o', 'i']

/** Paint of an axis by its letter: `n`, `c`, `s`, `g`, `k`, `o`, `i`; a part such as `b` of `(b m)` takes its axis's. */
export function axisColor(name: string, axis = name): string {
  const known = [name, axis].find((letter) => AXES.includes(letter))
  return token(known ? (`axis-${known}` as TokenName) : 'ink')
}

/** Class of a name in running text: `tokens.css` gives it its axis's colour. */
export function axisClass(name: string, axis = name): string {
  const known = [name, axis].find((letter) => AXES.includes(letter))
  return known ? `normlab-axis normlab-axis-${known}` : 'normlab-axis'
}

const block = (values: Readonly<Record<string, string>>, indent: string): string =>
  Object.entries(values)
    .map(([name, value]) => `${indent}--normlab-${name}: ${value};\n`)
    .join('')

/** The content of `@normlab/viz/tokens.css`. `data-theme="light" | "dark"` on any element overrides the system's choice. */
export const tokensCss = `/* Written by packages/viz from src/tokens.ts. Do not edit. */
:root,
[data-theme='light'] {
  color-scheme: light;
${block(light, '  ')}}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
    color-scheme: dark;
${block(dark, '    ')}  }
}
[data-theme='dark'] {
  color-scheme: dark;
${block(dark, '  ')}}
svg.normlab {
  max-width: 100%;
  height: auto;
  font-variant-numeric: tabular-nums;
}
.normlab-pattern {
  font-family: var(--normlab-mono, ui-monospace, monospace);
  white-space: nowrap;
}
.normlab-axis {
  font-weight: 600;
}
${AXES.map((name) => `.normlab-axis-${name} {\n  color: var(--normlab-axis-${name});\n}\n`).join('')}`
