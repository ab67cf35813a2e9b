export { dropout, dropoutAgain } from '../dropout'
