/** TypeScript to JavaScript for code that a reader has edited. Loaded in the worker, and only for such code. */
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'
import { transform } from 'sucrase'
import { importsOf } from './imports.ts'
import type { ImportAt, Place } from './protocol.ts'

export interface Made {
  readonly code: string
  readonly imports: readonly ImportAt[]
  /** Where a place in the code stands in the source. */
  readonly origin: (place: Place) => Place
}

export class SourceError extends SyntaxError {
  readonly place: Place | undefined
  constructor(message: string, place: Place | undefined) {
    super(message)
    this.place = place
  }
}

/** @throws SourceError with the place, both from 1. */
export function compile(source: string): Made {
  let made
  try {
    made = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      filePath: 'cell.ts',
      sourceMapOptions: { compiledFilename: 'cell.js' },
    })
  } catch (error) {
    throw sourceError(error)
  }
  const map = new TraceMap(made.sourceMap as SourceMapInput)
  return {
    code: made.code,
    imports: importsOf(made.code),
    origin({ line, column }) {
      const found = originalPositionFor(map, { line, column: column - 1 })
      return found.line === null ? { line, column } : { line: found.line, column: found.column + 1 }
    },
  }
}

/** Sucrase says "Error transforming cell.ts: Unexpected token (2:10)". */
function sourceError(error: unknown): SourceError {
  const { message = String(error), loc } = error as { message?: string; loc?: Place }
  const words = message.replace(/^Error transforming cell\.ts: /, '').replace(/ \(\d+:\d+\)$/, '')
  return new SourceError(words, loc && { line: loc.line, column: loc.column })
}
