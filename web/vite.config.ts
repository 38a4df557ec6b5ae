import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { mockApi } from './dev/mock.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** chunkName names a chunk after its source path, so that names are stable without hashes. */
function chunkName(chunk: { name: string; facadeModuleId?: string | null }): string {
  const id = chunk.facadeModuleId?.replace(/\\/g, '/') ?? '';
  const src = id.startsWith(`${here}src/`) ? id.slice(here.length + 4) : '';
  const name = src
    ? src
        .replace(/\.[a-z]+$/, '')
        .replace(/\/index$/, '')
        .replace(/\//g, '-')
    : chunk.name;
  return `assets/${name}.js`;
}

export default defineConfig({
  base: './',
  plugins: process.env.FORMWORK_API ? [] : [mockApi()],
  // With FORMWORK_API=http://127.0.0.1:8080 the development server talks to the real program.
  server: { port: 5173, proxy: process.env.FORMWORK_API ? { '/api': process.env.FORMWORK_API } : undefined },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Old Android kernels inside DingTalk.
    target: ['es2019', 'chrome69'],
    cssTarget: ['chrome69'],
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    reportCompressedSize: false,
    assetsInlineLimit: 2048,
    rolldownOptions: {
      // antd marks its files for servers; here that means nothing.
      onwarn: (w, warn) => void (w.code === 'MODULE_LEVEL_DIRECTIVE' || warn(w)),
      output: {
        entryFileNames: 'assets/[name].js',
        chunkFileNames: chunkName,
        assetFileNames: 'assets/[name][extname]',
      },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', setupFiles: ['dev/test-setup.ts'] },
} as Parameters<typeof defineConfig>[0]);
