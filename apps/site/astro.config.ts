import { fileURLToPath } from 'node:url'
import mdx from '@astrojs/mdx'
import { satteri } from '@astrojs/markdown-satteri'
import starlight from '@astrojs/starlight'
import { variants } from '@normlab/core'
import { defineConfig } from 'astro/config'
import { math } from './src/build/math.ts'
import { systemTheme } from './src/build/systemTheme.ts'
import { autoImport } from './src/cells/autoImport.ts'
import { slugOf, wordsOf } from './src/variants/slug.ts'

export default defineConfig({
  site: process.env.SITE_URL ?? 'http://localhost:4321',
  trailingSlash: 'ignore',
  server: { port: 4321 },
  markdown: { processor: satteri({ features: { math: true }, mdastPlugins: [math] }) },
  integrations: [
    starlight({
      title: 'normlab',
      favicon: '/favicon.svg',
      customCss: ['./src/styles/fonts.css', './src/styles/theme.css', './src/styles/prose.css'],
      credits: false,
      pagefind: true,
      markdown: { processedDirs: ['../../docs'] },
      components: { Search: './src/components/Search.astro' },
      sidebar: [
        { label: 'normlab', link: '/' },
        {
          label: 'Notes',
          items: [
            { label: 'The shifting neuron', slug: 'shift' },
            { label: 'From training to inference', slug: 'inference' },
          ],
        },
        { label: 'Reference', items: [{ label: 'Conventions', slug: 'conventions' }] },
        {
          label: 'The variants',
          collapsed: true,
          items: [
            { label: 'All variants', link: '/variants/' },
            ...variants.map((variant) => ({
              label: wordsOf(variant),
              link: `/variants/${slugOf(variant)}/`,
            })),
          ],
        },
      ],
    }),
    mdx(),
    systemTheme(),
  ],
  vite: {
    plugins: [autoImport()],
    worker: { format: 'es' },
    resolve: { alias: { '@site': fileURLToPath(new URL('./src', import.meta.url)) } },
  },
})
