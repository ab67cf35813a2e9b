/** Registers `<norm-axes>`. Where there is no DOM, it does nothing. */
import { AxesElement } from './axesElement.ts'

if (globalThis.customElements && !customElements.get('norm-axes'))
  customElements.define('norm-axes', AxesElement)

declare global {
  interface HTMLElementTagNameMap {
    'norm-axes': AxesElement
  }
}

export { AxesElement }
