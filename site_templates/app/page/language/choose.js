/** The choice of the interface's language in the About panel. */

/**
 * @param {Pick<ReturnType<typeof import('../settings.js').createSettings>, 'get' | 'set'>} settings
 * @param {() => void} reload begins anew in the chosen language
 */
export function offerLanguages(settings, reload) {
  const select = document.getElementById('language');
  // A site in one language offers no choice.
  if (!(select instanceof HTMLSelectElement)) return;
  select.value = settings.get('language') ?? '';
  select.addEventListener('change', () => {
    settings.set('language', select.value || null);
    reload();
  });
}
