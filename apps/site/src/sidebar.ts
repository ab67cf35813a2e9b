import { defineRouteMiddleware } from '@astrojs/starlight/route-data'

/** Label of the group that lists every variant. */
export const VARIANTS = 'The variants'

/** A page that is no variant's links to the list of them alone: a link to each cost it 200 elements, folded away. */
export const onRequest = defineRouteMiddleware(({ url, locals: { starlightRoute } }) => {
  if (url.pathname.startsWith('/variants')) return
  starlightRoute.sidebar = starlightRoute.sidebar.filter(({ label }) => label !== VARIANTS)
})
