import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { sha256Hex } from '../../../site_templates/app/shared/sha256.js';
import { kindOfDamage } from '../../../site_templates/sw/damage.js';
import { FILES, install, serviceWorker, tell } from './fakes.js';

const PAGE = '<!doctype html>\n<link href="app/0123456789abcdef/page.css">\n<p>here\n';
const entry = {
  url: './',
  sha256: createHash('sha256').update(PAGE).digest('hex'),
  size: PAGE.length,
  type: 'text/html',
  groups: ['core'],
};

/** @type {[string, string, string][]} */
const KINDS = [
  ['other line ends', PAGE.replaceAll('\n', '\r\n'), 'line-ends'],
  ['markup put in', PAGE.replace('<p>', '<script src="//ads"></script><p>'), 'changed'],
  ['a bit flipped', PAGE.replace('here', 'hare'), 'changed'],
  ['another version', PAGE.replace('0123456789abcdef', 'f'.repeat(16)), 'stale'],
  ['another version beside this one', `${PAGE}app/${'f'.repeat(16)}/`, 'changed'],
  ['megabytes', 'x'.repeat(1_000_000), 'changed'],
  ['nothing', '', 'changed'],
];

for (const [what, answer, kind] of KINDS) {
  test(`${what} is ${kind}`, async () => {
    const found = await kindOfDamage(entry, new TextEncoder().encode(answer), {
      sha256: (bytes) => sha256Hex(bytes, crypto.subtle),
      appFolder: 'app/0123456789abcdef/',
    });
    assert.equal(found, kind);
  });
}

test('a page is told which file its host changes, and how', async () => {
  const rig = serviceWorker();
  const altered = () => new Response('<title>Shell</title>\r\n');
  rig.host.fault('./', altered, altered);
  await assert.rejects(install(rig));
  const [{ reason, file }] = rig.page.told('install-failed');
  assert.deepEqual([reason, file], ['changed', 'index.html']);
  rig.host.fault('./', altered, altered);
  const { ok, ...failure } = await tell(rig.worker, { type: 'precache-group', group: 'core' });
  assert.deepEqual([ok, failure.reason, failure.file], [false, 'changed', 'index.html']);
});

test('a host that has nothing for anyone is not asked for everything', async () => {
  const many = Array.from({ length: 40 }, (_, i) => [
    `app/0123456789abcdef/${i}.js`,
    [`${i}`, ['core']],
  ]);
  const rig = serviceWorker({ files: { ...FILES, ...Object.fromEntries(many) } });
  rig.host.down = true;
  await assert.rejects(install(rig));
  assert.ok(rig.host.requests.length <= 2 * 8, `${rig.host.requests.length} requests`);
});

test('a host that is busy is left alone for as long as it wants', async () => {
  const rig = serviceWorker();
  const busy = (/** @type {string} */ wish) => () =>
    new Response('', { status: 503, headers: { 'retry-after': wish } });
  rig.host.fault('./', busy('7'));
  rig.host.fault('offline.html', busy('soon'));
  await install(rig);
  assert.deepEqual(rig.calls.wishes.sort(), [0, 7000]);
});
