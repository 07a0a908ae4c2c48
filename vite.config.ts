import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The console: agents, supervisors, administrators. The portal has a build of its own (vite.portal.config.ts). */
export default defineConfig({
  root: at('console'),
  plugins: [react()],
  resolve: { alias: { '#contract': at('contract') } },
  build: {
    outDir: at('dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // antd's parts are free of side effects but do not say so: without this the desk would carry the whole form machinery for one context.
    rollupOptions: { treeshake: { moduleSideEffects: [{ test: /node_modules\/@rc-component\//, sideEffects: false }] } },
  },
  server: { proxy: { '/api': { target: process.env.HUIYIN_API ?? 'http://127.0.0.1:8200', ws: true } } },
})
