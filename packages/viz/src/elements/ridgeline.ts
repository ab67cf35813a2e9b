/** Registers `<norm-ridgeline>`. Where there is no DOM, it does nothing. */
import { RidgelineElement } from './ridgelineElement.ts'

if (globalThis.customElements && !customElements.get('norm-ridgeline'))
  customElements.define('norm-ridgeline', RidgelineElement)

declare global {
  interface HTMLElementTagNameMap {
    'norm-ridgeline': RidgelineElement
  }
}

export { RidgelineElement }
