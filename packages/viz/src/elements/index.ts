/** Registers `<norm-ridgeline>` and `<norm-axes>`. Where there is no DOM, it does nothing. */
import { AxesElement } from './axesElement.ts'
import { RidgelineElement } from './ridgelineElement.ts'

if (globalThis.customElements) {
  if (!customElements.get('norm-axes')) customElements.define('norm-axes', AxesElement)
  if (!customElements.get('norm-ridgeline')) customElements.define('norm-ridgeline', RidgelineElement)
}

declare global {
  interface HTMLElementTagNameMap {
    'norm-axes': AxesElement
    'norm-ridgeline': RidgelineElement
  }
}

export { AxesElement, RidgelineElement }
