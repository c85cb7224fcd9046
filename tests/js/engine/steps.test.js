import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  COMBINATIONS,
  FUNCTIONS,
  REDUCTIONS,
  STEPS,
  wordsOf,
  writeStep,
} from '../../../builder/runtime/engine/steps.js';

const COMMENT = /\/\*[^]*?\*\/|\/\/.*$/gm;
const header = readFileSync(
  new URL('../../../builder/runtime/kernels/steps.h', import.meta.url),
  'utf-8',
).replaceAll(COMMENT, '');

/** @param {string} text in C or JavaScript @returns {string} */
const plain = (text) => text.replaceAll('_', '').toLowerCase();

/** @param {string} name of an enumeration */
function enumeration(name) {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  return body
    .split(',')
    .map((one) => plain(one.trim()))
    .filter(Boolean);
}

/** The fields of each struct, as the planner's table would have them. */
function structs() {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [, body, name] of header.matchAll(/typedef struct \{([^}]*)\} (\w+);/g)) {
    const fields = body.split(';').flatMap((line) => declared(line.trim(), found));
    found.set(name, fields);
  }
  return new Map([...found].map(([name, fields]) => [plain(name), fields]));
}

/**
 * @param {string} line a declaration in C
 * @param {Map<string, string[]>} known structs by name
 * @returns {string[]}
 */
function declared(line, known) {
  if (line === '') return [];
  const [, type, names] = /** @type {RegExpExecArray} */ (/^(?:const )?(\w+) (.*)$/s.exec(line));
  const inner = known.get(type);
  if (inner !== undefined) return inner;
  return names.split(',').map((one) => {
    const [, stars, name, count = ''] = /** @type {RegExpExecArray} */ (
      /^(\**)(\w+)(?:\[(\d+)\])?$/.exec(one.trim())
    );
    return `${plain(name)}${stars ? '@' : type === 'float' ? '.' : '#'}${count}`;
  });
}

test('the planner writes the fields that kernels read', () => {
  const inC = structs();
  assert.deepEqual(enumeration('kernel'), [...STEPS.keys()].map(plain));
  for (const [kernel, fields] of STEPS) {
    const table = fields.map(
      ({ name, type, count }) => plain(name) + type + (count > 1 ? count : ''),
    );
    assert.deepEqual(['kernel#', 'words#', ...table], inC.get(plain(kernel)), kernel);
  }
});

test('functions, combinations and reductions have the same numbers', () => {
  assert.deepEqual(FUNCTIONS.map(plain), enumeration('function'));
  assert.deepEqual(COMBINATIONS.map(plain), enumeration('combination'));
  assert.deepEqual(REDUCTIONS.map(plain), enumeration('reduction'));
});

test('a step tells its kernel, its length, and its fields in order', () => {
  const memory = new DataView(new ArrayBuffer(64));
  const next = writeStep(memory, 8, 'fill', { output: 4096, count: 12, value: 0.5 });
  assert.equal(next, 8 + 4 * wordsOf('fill'));
  assert.deepEqual(
    [8, 12, 16, 20].map((at) => memory.getInt32(at, true)),
    [[...STEPS.keys()].indexOf('fill'), 5, 4096, 12],
  );
  assert.equal(memory.getFloat32(24, true), 0.5);
});
