import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rebased, routeOf } from '../../../site_templates/sw/route.js';
import { SCOPE } from './fakes.js';

const ASSET = `${SCOPE}app/0123456789abcdef/page/app.js`;
const PRECACHED = new Set([SCOPE, `${SCOPE}offline.html`, ASSET]);

/** @type {[string, Partial<Parameters<typeof routeOf>[0]>, string][]} */
const CASES = [
  ['', { mode: 'navigate' }, 'shell'],
  ['?utm_source=x', { mode: 'navigate' }, 'shell'],
  ['#about', { mode: 'navigate' }, 'shell'],
  ['index.html', { mode: 'navigate' }, 'shell'],
  ['index.html?x=1#y', { mode: 'navigate' }, 'shell'],
  ['offline.html', { mode: 'navigate' }, 'asset'],
  ['elsewhere', { mode: 'navigate' }, 'page'],
  ['deep/er/index.html', { mode: 'navigate' }, 'page'],
  ['app/0123456789abcdef/page/app.js', {}, 'asset'],
  ['app/0123456789abcdef/page/app.js#x', {}, 'asset'],
  ['app/0123456789abcdef/page/app.js?x', {}, 'other-version'],
  ['app/0123456789abcdef/page/app.js', { cache: 'no-cache' }, 'asset'],
  ['app/0123456789abcdef/page/app.js', { cache: 'reload' }, 'renewal'],
  ['app/0123456789abcdef/page/app.js', { method: 'HEAD' }, 'network'],
  ['app/0123456789abcdef/page/app.js', { headers: new Headers({ range: 'bytes=0-9' }) }, 'network'],
  ['app/fedcba9876543210/page/app.js', {}, 'other-version'],
  ['', {}, 'asset'],
  ['index.html', {}, 'network'],
  ['sw.js', {}, 'network'],
  ['', { mode: 'navigate', method: 'POST' }, 'network'],
  ['/', { mode: 'navigate' }, 'network'],
  ['/application/', { mode: 'navigate' }, 'network'],
  ['https://example.com/app/', { mode: 'navigate' }, 'network'],
];

for (const [path, overrides, kind] of CASES) {
  const { method = 'GET', mode = 'cors', cache = 'default', headers = new Headers() } = overrides;
  const range = headers.get('range') ?? '';
  test(`${method} ${path || './'} (${[mode, cache, range].join(' ').trim()}) → ${kind}`, () => {
    const url = new URL(path, SCOPE).href;
    assert.equal(routeOf({ method, mode, url, cache, headers }, SCOPE, PRECACHED).kind, kind);
  });
}

test('all ways into the app look up one shell, and assets themselves', () => {
  const common = { method: 'GET', headers: new Headers() };
  const shell = { ...common, mode: 'navigate', url: `${SCOPE}index.html?x=1#y` };
  assert.equal(routeOf(shell, SCOPE, PRECACHED).url, SCOPE);
  const asset = { ...common, mode: 'cors', url: `${ASSET}#x` };
  assert.equal(routeOf(asset, SCOPE, PRECACHED).url, ASSET);
});

test('offline.html gets the site root as its base, whatever characters the path has', () => {
  const page = '<base href="./"><a href="./">';
  assert.equal(rebased(page, SCOPE), '<base href="/app/"><a href="./">');
  assert.equal(
    rebased(page, 'https://example.org/$&/a&lt;b/'),
    '<base href="/$&amp;/a&amp;lt;b/"><a href="./">',
  );
  assert.ok(!rebased(page, 'https://example.org/"><script>/').includes('<script>'));
});
