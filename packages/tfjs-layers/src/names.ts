import { layerNames } from './keras.ts'

/** Keras's form `package>Name`, so that stock layers of the same name stay as they are. */
export const PACKAGE = 'normlab'

/** `GroupNorm` -> `GroupNormalization`. */
export const layerName = (name: string): string =>
  (layerNames as Record<string, string>)[name] ?? name.replace(/Norm$/, 'Normalization')

/** `RMSNormalization` -> `rmsNormalization`. */
export const factoryName = (name: string): string =>
  name.replace(/^([A-Z]+(?=[A-Z][a-z])|[A-Z]+$|[A-Z])/, (capitals) => capitals.toLowerCase())

/**
 * The name of a layer to which none was given: `normlab_group_normalization_1`. tfjs makes one that ends in class name
 * and number, and then refuses the `>` in it.
 */
export function autoName(generated: string, className: string): string {
  if (!className.startsWith(`${PACKAGE}>`)) return generated
  const number = generated.slice(generated.lastIndexOf(className) + className.length)
  const snake = className
    .slice(PACKAGE.length + 1)
    .replace(/([A-Z]+)([A-Z][a-z])|([a-z0-9])(?=[A-Z])/g, (_, a, b, c) => (c ? `${c}_` : `${a}_${b}`))
  return `${PACKAGE}_${snake.toLowerCase()}_${number}`
}
