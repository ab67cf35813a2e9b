import { describe, expect, test } from 'vitest'
import { recordIndex, variantIndex, variantTemplate } from '../variantIndex.ts'

describe('the index of variants', () => {
  test('imports, exports and lists each file once, in order, and never itself', () => {
    const source = variantIndex(['zNorm.ts', 'index.ts', 'aNorm.ts', 'notes.md'])
    expect(source.match(/import .*/g)).toEqual([
      "import { aNorm } from './aNorm.ts'",
      "import { zNorm } from './zNorm.ts'",
    ])
    expect(source).toContain('export const variants = [\n  aNorm,\n  zNorm,\n] as const')
  })

  test('what files say about their variants stands in an index of its own', () => {
    const source = recordIndex(['zNorm.ts', 'index.ts', 'aNorm.ts'])
    expect(source.match(/import \* as .*/g)).toEqual([
      "import * as aNorm from '../variants/aNorm.ts'",
      "import * as zNorm from '../variants/zNorm.ts'",
    ])
    expect(source).toContain(
      "  aNorm: fromFile(aNorm, 'aNorm'),\n  zNorm: fromFile(zNorm, 'zNorm'),\n} as const",
    )
  })

  test.each(['norm', 'noise'] as const)('a new %s exports its own name', (kind) => {
    const source = variantTemplate('powerNorm', kind)
    expect(source).toContain('export const powerNorm = ')
    expect(source).toContain("name: 'PowerNorm'")
  })
})
