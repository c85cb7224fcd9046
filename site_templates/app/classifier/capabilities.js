import { gpuKind } from './backend.js';
import { wasmBuild } from '../shared/wasm-build.js';

/** The smallest WebAssembly module: magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Find out what this thread can compute without a graphics card.
 *
 * @returns {import('./backend.js').ProcessorCapabilities}
 */
export function detectProcessor() {
  return {
    wasm: canCompileWasm() ? wasmBuild(globalThis.WebAssembly) : 'none',
    threads: globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1,
  };
}

/**
 * Look for graphics cards. The browser may have to start a process of its own for that.
 *
 * @returns {Promise<import('./backend.js').GraphicsCapabilities>}
 */
export async function detectGraphics() {
  return { webgpu: await webgpuKind(), webgl: webglKind() };
}

/** A Content-Security-Policy may forbid compiling, which `validate` does not show. */
function canCompileWasm() {
  try {
    return new WebAssembly.Module(EMPTY_MODULE) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/** @returns {import('./backend.js').GpuKind} */
function webglKind() {
  const canvas = createCanvas();
  const gl = canvas?.getContext('webgl2');
  if (!gl) return 'none';
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  // Browsers keep few contexts alive at a time.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return gpuKind(String(renderer));
}

function createCanvas() {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  return typeof document === 'undefined' ? null : document.createElement('canvas');
}

/**
 * The little of WebGPU that is used here; TypeScript's libraries don't have it for workers yet.
 *
 * @typedef {object} GpuAdapter
 * @property {boolean} [isFallbackAdapter] in older versions
 * @property {{isFallbackAdapter?: boolean, vendor: string, architecture: string,
 *   device: string, description: string}} [info]
 */

/** @returns {Promise<import('./backend.js').GpuKind>} */
async function webgpuKind() {
  const { gpu } = /** @type {{gpu?: {requestAdapter(): Promise<GpuAdapter | null>}}} */ (
    /** @type {unknown} */ (navigator)
  );
  try {
    const adapter = await gpu?.requestAdapter();
    if (!adapter) return 'none';
    if (adapter.isFallbackAdapter || adapter.info?.isFallbackAdapter) return 'software';
    const { vendor, architecture, device, description } = adapter.info ?? {};
    return gpuKind([vendor, architecture, device, description].join(' '));
  } catch {
    return 'none';
  }
}
