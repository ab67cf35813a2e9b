declare module 'virtual:normlab-cell.css' {}

interface ImportMetaEnv {
  /** Address of the library that runs cells, and of their element's script; set by src/cells/integration.ts. */
  readonly CELL_LIBRARY: string
  readonly CELL_SCRIPT: string
}

declare namespace App {
  interface Locals {
    /** The page has a cell already. */
    hasCell?: boolean
    /** Ids of the page's pictures so far, by `cell output`: what a cell need not draw again. */
    pictures?: Map<string, string>
  }
}
