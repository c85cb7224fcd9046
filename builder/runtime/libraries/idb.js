// The history's database: IndexedDB with promises.
export { openDB } from 'idb';
