/**
 * Bytes as text that stands in a string literal as it is. The characters that minified programs are made of stand for the
 * bytes that kernels are made of: gzip has one Huffman code for both, and each would be longer for the other's sake.
 */
const RARE = '~'
/**
 * The character of each byte; one that has none here is two hexadecimal digits after `RARE`. No quote, backslash, dollar sign
 * or backtick. Which is whose was found by exchanging pairs as long as an import of layerNorm and of everything became smaller.
 */
const CHARS =
  ',atisln[f-:(c};p)+01]5{m<kw?hxv/er=u*bZ>ON%T~M973Q~~~~~~~~~~~~~~2 XPH_^~AKFq~~~~~~~~~~~~~~~~~~~~!z~6B~~~~~oSU~~YIg8#y@~~~~~&|D~.~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~4ECj~~~~~~~~~~~~~~~~~~GV~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~RL~~~~W~J~~~~~~~~~~d'

export const encode = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => {
    const char = CHARS[byte] ?? RARE
    return char === RARE ? RARE + byte.toString(16).padStart(2, '0') : char
  }).join('')

export const decode = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/~..|./g)!, (one) =>
    one[1] ? Number.parseInt(one.slice(1), 16) : CHARS.indexOf(one),
  )
