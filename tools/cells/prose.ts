/**
 * Numbers in a page's running text that look measured: with a decimal point, or per cent. A measured one comes from a cell
 * (`<Value>`, or an expression). One that was chosen is listed: `{/* given: 0.5 2.5 *\/}`.
 */
export function bareNumbers(mdx: string): string[] {
  const given = new Set(
    [...mdx.matchAll(/\{\/\* given:([^*]*)\*\/\}/g)].flatMap(([, list]) => list.trim().split(/[\s,]+/)),
  )
  const text = withoutBraces(
    mdx
      .replace(/^---\n[\s\S]*?\n---\n/, '')
      .replaceAll(/^(?:import|export) [\s\S]*?(?=\n\s*\n|$(?![\s\S]))/gm, '')
      .replaceAll(/```[\s\S]*?```|\$\$[\s\S]*?\$\$|`[^`\n]*`|\$[^$\n]+\$/g, ' ')
      .replaceAll(/\]\([^)]*\)|https?:\/\/\S+/g, ' '),
  ).replaceAll(/<[A-Za-z/][^>]*>/g, ' ')
  const found = [...text.matchAll(/(?<![\w.])(\d+\.\d+|\d+(?= ?%))( ?%)?(?![\w.]*\.\d|\w)/g)]
  return found
    .map(([, number, percent]) => number + (percent ? '%' : ''))
    .filter((number) => !given.has(number))
}

/** Expressions are computed: what stands in braces, nested ones among them, is no text. */
function withoutBraces(text: string): string {
  let [depth, kept] = [0, '']
  for (const letter of text) {
    if (letter === '{') depth++
    else if (letter === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += letter
  }
  return kept
}
