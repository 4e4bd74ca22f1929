import { defineConfig } from 'vite';

/** In a clone the page takes the package from its source, as the compiler does. */
export default defineConfig({ resolve: { tsconfigPaths: true } });
