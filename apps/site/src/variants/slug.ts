/** `GroupNorm` stands at /variants/group-norm/. */
export const slugOf = ({ name }: { name: string }): string =>
  name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3-$2').toLowerCase()

/** A name that a narrow column may break between its words. */
export const wordsOf = (variant: { name: string }): string =>
  variant.name.replaceAll(/([a-z0-9])([A-Z])/g, '$1\u00AD$2')
