export { dropoutAgain } from '../dropout'
