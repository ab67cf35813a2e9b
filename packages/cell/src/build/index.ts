/** For whoever hosts cells: makes the folder that runs them, and makes a cell ready to run without a compiler. Node 22.13 or later. */
export { buildLibrary, type LibraryOptions } from './library.ts'
export { strip } from './strip.ts'
export type { Library } from '../element/library.ts'
