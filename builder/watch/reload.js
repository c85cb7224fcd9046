// Loads the page anew after each build. It is only in what `build --watch` answers, never in a site.
(() => {
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const shown = new URL(src).searchParams.get('build');
  const builds = new EventSource(new URL('builds', src));
  builds.addEventListener('message', ({ data }) => {
    if (data !== shown) window.location.reload();
  });
  // Browsers keep six connections to a host: a page that is left gives its own back.
  window.addEventListener('pagehide', () => builds.close());
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) window.location.reload();
  });
})();
