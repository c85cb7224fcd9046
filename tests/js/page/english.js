/** Makes the interface speak English, as tests read it. */

import { readFileSync } from 'node:fs';

import { speak } from '../../../site_templates/app/page/language/text.js';

const url = new URL('../../../site_templates/messages/en.json', import.meta.url);

speak('en', JSON.parse(readFileSync(url, 'utf8')));
