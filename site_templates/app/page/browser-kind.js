/** Which browser it is, as far as its settings lie in another place. Pure. */

/**
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 * @returns {'chromium' | 'android' | 'firefox' | 'safari' | 'ios' | ''} '' for another
 */
export function browserKind({ userAgent, maxTouchPoints }) {
  // Other browsers of iOS are Safari inside, with settings of their own.
  if (/CriOS|FxiOS|EdgiOS/.test(userAgent)) return '';
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  const mac = /Macintosh/.test(userAgent);
  if (/iPhone|iPad/.test(userAgent) || (mac && maxTouchPoints > 1)) return 'ios';
  if (userAgent.includes('Firefox/')) return 'firefox';
  if (/Chrome|Chromium/.test(userAgent)) return /Android/.test(userAgent) ? 'android' : 'chromium';
  return mac && userAgent.includes('Safari/') ? 'safari' : '';
}
