// Answers questions about the precache plan, one JSON a line: {name, args} → the function's result.
// For the property-based tests in Python, which write the manifests that these functions read.
import { createInterface } from 'node:readline';
import process from 'node:process';

import { storagePrefix } from '../../site_templates/app/shared/storage-prefix.js';
import * as plan from '../../site_templates/sw/plan.js';

/** @type {Record<string, (...args: any[]) => unknown>} */
const functions = {
  storagePrefix,
  entriesOf: plan.entriesOf,
  groupNames: (manifest) => [...plan.groupNames(manifest)].sort(),
  isContentAddressed: plan.isContentAddressed,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { name, args } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(functions[name](...args))}\n`);
}
