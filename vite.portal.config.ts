import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const pages = readdirSync(at('portal')).filter(f => f.endsWith('.html'))
const loader = at('portal/loader.ts')

/** What customers meet: the chat widget, the progress page, the sample utility's web page. No React, no antd: small on a phone. */
export default defineConfig({
  root: at('portal'),
  base: '/',
  resolve: { alias: { '#contract': at('contract') } },
  build: {
    outDir: at('dist/portal'),
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    modulePreload: false,
    assetsDir: 'portal-assets',
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map(f => [f.replace('.html', ''), at(`portal/${f}`)])),
        ...(existsSync(loader) ? { loader } : {}),
      },
      // Sites paste the loader's address into their pages: it must not change with its content.
      output: { entryFileNames: chunk => (chunk.name === 'loader' ? 'widget.js' : 'portal-assets/[name]-[hash].js') },
    },
  },
})
