/** The editor. Tab indents, as in other editors; Escape, then Tab, leaves it. */
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  temporarilySetTabFocusMode,
} from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Failure, Place } from '../sandbox/protocol.ts'

/** In the page's own colours, which have the contrast in both themes. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--normlab-axis-g, #96367d)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--normlab-axis-c, #b8430c)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--normlab-axis-o, #a82c4c)' },
  { tag: [tags.comment], color: 'var(--normlab-muted, #596170)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className, tags.namespace], color: 'var(--normlab-axis-s, #0a7152)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--normlab-axis-n, #0b66a8)',
  },
])

const theme = EditorView.theme({
  '&': {
    backgroundColor: 'var(--normlab-raised, #f4f5f8)',
    color: 'var(--normlab-ink, #1c2028)',
    fontSize: '.85rem',
    border: '1px solid var(--normlab-rule, #868e9c)',
  },
  '&.cm-focused': { outline: '2px solid var(--normlab-axis-n, #0b66a8)' },
  '.cm-content': {
    fontFamily: 'var(--normlab-mono, ui-monospace, monospace)',
    caretColor: 'var(--normlab-ink, #1c2028)',
  },
  '.cm-scroller': { lineHeight: '1.6', maxHeight: '70vh' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--normlab-muted, #596170)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--normlab-axis-n, #0b66a8) 8%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--normlab-axis-n, #0b66a8) 25%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--normlab-ink, #1c2028)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--normlab-surface, #fff)',
    color: 'var(--normlab-ink, #1c2028)',
    border: '1px solid var(--normlab-rule, #868e9c)',
  },
})

export class Editor {
  readonly #view: EditorView

  constructor(parent: HTMLElement, code: string, changed: (code: string) => void) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: code,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          indentOnInput(),
          bracketMatching(),
          javascript({ typescript: true }),
          syntaxHighlighting(colours),
          lintGutter(),
          theme,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Code of the cell. Escape, then Tab, leaves it.' }),
          keymap.of([
            { key: 'Escape', run: temporarilySetTabFocusMode },
            indentWithTab,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(this.#view.state.doc.toString())
          }),
        ],
      }),
    })
  }

  focus(): void {
    this.#view.focus()
  }

  replace(code: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: code } })
  }

  /** Underlines what is wrong and marks its lines; none takes the marks away. */
  mark(failures: readonly Failure[]): void {
    const { state } = this.#view
    const diagnostics: Diagnostic[] = []
    for (const { place, message } of failures) {
      if (!place) continue
      const at = this.#at(place)
      const word = state.wordAt(at)
      const to = Math.min(state.doc.lineAt(at).to, Math.max(at + 1, word?.to ?? 0))
      diagnostics.push({ from: Math.min(at, to), to, severity: 'error', message })
    }
    this.#view.dispatch(
      setDiagnostics(
        state,
        diagnostics.toSorted((a, b) => a.from - b.from),
      ),
    )
  }

  goTo(place: Place): void {
    this.#view.dispatch({ selection: { anchor: this.#at(place) }, scrollIntoView: true })
    this.#view.focus()
  }

  destroy(): void {
    this.#view.destroy()
  }

  #at({ line, column }: Place): number {
    const { doc } = this.#view.state
    const row = doc.line(Math.min(Math.max(1, line), doc.lines))
    return Math.min(row.from + Math.max(0, column - 1), row.to)
  }
}
