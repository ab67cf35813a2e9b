/**
 * A figure as a file of its own: follows the system's light or dark theme, where a page's tokens would. (In a page
 * leave it as it is: without tokens it follows the page's `color-scheme`.)
 */
export function standalone(svg: string): string {
  return svg.replace('>', '><style>:root{color-scheme:light dark;font-variant-numeric:tabular-nums}</style>')
}
