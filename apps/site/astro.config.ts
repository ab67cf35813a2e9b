import { fileURLToPath } from 'node:url'
import mdx from '@astrojs/mdx'
import { satteri } from '@astrojs/markdown-satteri'
import sitemap from '@astrojs/sitemap'
import starlight from '@astrojs/starlight'
import { variants } from '@normlab/core'
import { defineConfig } from 'astro/config'
import { math } from './src/build/math.ts'
import { fonts } from './src/build/fonts.ts'
import { policy } from './src/build/policy.ts'
import { systemTheme } from './src/build/systemTheme.ts'
import { cells } from './src/cells/integration.ts'
import { notes } from './src/notes.ts'
import { VARIANTS } from './src/sidebar.ts'
import { slugOf, wordsOf } from './src/variants/slug.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  site: process.env.SITE_URL ?? 'http://localhost:4321',
  trailingSlash: 'ignore',
  // Other sites may host our cells: what they load is public.
  server: { port: 4321, headers: { 'Access-Control-Allow-Origin': '*' } },
  markdown: { processor: satteri({ features: { math: true }, mdastPlugins: [math] }) },
  integrations: [
    cells(), // before mdx: it adds imports to pages
    starlight({
      title: 'normlab',
      favicon: '/favicon.svg',
      customCss: [
        './src/styles/fonts.css',
        './src/styles/theme.css',
        './src/styles/prose.css',
        './src/styles/controls.css',
      ],
      credits: false,
      routeMiddleware: './src/sidebar.ts',
      pagefind: true,
      markdown: { processedDirs: ['../../docs'] },
      components: { Head: './src/components/Head.astro', Search: './src/components/Search.astro' },
      sidebar: [
        { label: 'normlab', link: '/' },
        {
          label: 'Notes',
          items: notes.map(({ slug, label }) => ({ slug, label })),
        },
        {
          label: 'Reference',
          items: [
            { label: 'Conventions', slug: 'conventions' },
            { label: 'All variants', link: '/variants/' },
          ],
        },
        {
          label: VARIANTS,
          items: variants.map((variant) => ({
            label: wordsOf(variant),
            link: `/variants/${slugOf(variant)}/`,
          })),
        },
      ],
    }),
    mdx(),
    sitemap({ filter: (page) => !page.endsWith('/gallery/') }), // for contributors alone
    systemTheme(),
    policy(), // last: it hashes what the others have written
  ],
  vite: {
    worker: { format: 'es' },
    resolve: { alias: { '@site': here('./src'), '@fonts': await fonts(here('./.cache/fonts')) } },
  },
})
