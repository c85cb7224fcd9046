// ZIP files as streams: photos go through without lying in memory.
export { makeZip } from 'client-zip';
