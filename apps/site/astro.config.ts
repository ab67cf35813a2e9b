import mdx from '@astrojs/mdx'
import { satteri } from '@astrojs/markdown-satteri'
import starlight from '@astrojs/starlight'
import { defineConfig } from 'astro/config'
import { math } from './src/build/math.ts'

export default defineConfig({
  site: 'http://localhost:4321',
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
        { label: 'Notes', items: [{ label: 'The shifting neuron', slug: 'shift' }] },
        { label: 'Reference', items: [{ label: 'The variants', link: '/variants/' }] },
      ],
    }),
    mdx(),
  ],
  vite: { worker: { format: 'es' } },
})
