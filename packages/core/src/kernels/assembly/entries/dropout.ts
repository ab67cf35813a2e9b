export { dropout } from '../dropout'
