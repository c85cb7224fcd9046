// How everything here is bundled: small ES modules for browsers, and nothing that esbuild warns about.

/**
 * Bundles modules in memory.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} folder  what entry points are relative to, in or below the one that holds node_modules/
 * @param {import('esbuild').BuildOptions} options  entry points, and what is particular to them
 */
export async function bundleModules(esbuild, folder, options) {
  const { metafile, outputFiles, warnings } = await esbuild.build({
    target: 'es2021',
    format: 'esm',
    minify: true,
    // LICENSES.txt says it once, in place of some 900 identical headers.
    legalComments: 'none',
    entryNames: '[name]',
    ...options,
    absWorkingDir: folder,
    outdir: 'out',
    bundle: true,
    platform: 'browser',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  if (warnings.length > 0) {
    throw new Error(`esbuild warned about ${options.entryPoints}; see above`);
  }
  return { metafile, outputFiles };
}
