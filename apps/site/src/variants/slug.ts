/** `GroupNorm` stands at /variants/group-norm/. */
export const slugOf = ({ name }: { name: string }): string =>
  name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3-$2').toLowerCase()
