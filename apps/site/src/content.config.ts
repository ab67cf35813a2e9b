import { docsSchema } from '@astrojs/starlight/schema'
import { glob } from 'astro/loaders'
import { defineCollection } from 'astro:content'

/** One folder a page: docs/shift/page.mdx is /shift/. */
const docs = defineCollection({
  loader: glob({
    base: '../../docs',
    pattern: '*/page.mdx',
    generateId: ({ entry }) => entry.replace('/page.mdx', ''),
  }),
  schema: docsSchema(),
})

export const collections = { docs }
