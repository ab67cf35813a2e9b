/** What any.*.test.ts draw their figures of. */
import fc from 'fast-check'

export const width = fc.integer({ min: 200, max: 1200 })
export const word = fc.string({ unit: 'binary', maxLength: 30 })
export const tone = fc.constantFrom('with' as const, 'without' as const, undefined)

export const usual = fc.double({ min: -50, max: 50, noNaN: true })
/** NaN too. */
export const anyNumber = fc.double({ min: -1e150, max: 1e150 })
export const loose = fc.oneof(usual, anyNumber, fc.constantFrom(NaN, Infinity, -Infinity))
/** Their squares overflow. */
export const great = fc.double({ min: -1e300, max: 1e300, noNaN: true })
export const anyPoint = fc.tuple(fc.oneof(loose, great), fc.oneof(loose, great))
