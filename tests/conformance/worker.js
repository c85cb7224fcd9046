// Answers questions by one backend of TensorFlow.js, in one of its builds.
const question = new URLSearchParams(location.search);
const [bundle, backend, binary] = ['bundle', 'backend', 'binary'].map((key) => question.get(key));
const threads = Number(question.get('threads') ?? 1);
const folder = new URL(`runtime/${bundle}/`, location.href).href;

async function start() {
  const tf = await import(`${folder}tf.js`);
  const registered = await import(`${folder}backend-${backend}.js`);
  // Small tensors that come from memory would be computed by plain JavaScript.
  if (backend.startsWith('webg')) tf.env().set(`${backend.toUpperCase()}_CPU_FORWARD`, false);
  if (backend === 'wasm') {
    // Of themselves the threads stay out, on an isolated page too.
    if (threads > 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
    tf.env().set('WASM_HAS_SIMD_SUPPORT', binary.endsWith('-simd.wasm'));
    const file = fetch(new URL(`runtime/${binary}`, location.href));
    registered.useModule(await WebAssembly.compileStreaming(file));
    if (threads > 1) await startThreads(registered);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`${backend} does not start`);
  await tf.ready();
  return tf;
}

async function startThreads(wasm) {
  const policy = trustedTypes.createPolicy('classifier-pwa', { createScriptURL: (url) => url });
  const url = policy.createScriptURL(`${folder}wasm-threads.js`);
  const threaded = await import(`${folder}wasm-threads.js`);
  const createThread = () => new Worker(url, { type: 'module', name: threaded.THREAD });
  wasm.useThreads((config) =>
    threaded.default({ ...config, threads, logicalCores: 2 * threads, createThread }),
  );
  wasm.setThreadsCount(threads);
}

function encoded(values) {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

async function answer(tf, { nodes, specs, outputs, begin, end }, weights) {
  const model = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: { versions: { producer: 1 }, node: nodes },
      weightSpecs: specs,
      weightData: weights.slice(begin, end),
    }),
  });
  try {
    const made = model.execute({}, outputs);
    const found = [];
    for (const tensor of Array.isArray(made) ? made : [made]) {
      const { shape, dtype } = tensor;
      found.push({ shape, dtype, data: encoded(await tensor.data()) });
    }
    return found;
  } finally {
    model.dispose();
  }
}

async function main() {
  const tf = await start();
  const questions = await (await fetch('questions.json')).json();
  const weights = await (await fetch('weights.bin')).arrayBuffer();
  const answers = {};
  for (const [name, one] of Object.entries(questions)) {
    tf.engine().startScope();
    try {
      answers[name] = await answer(tf, one, weights);
    } catch (error) {
      answers[name] = { error: String(error.message ?? error) };
    }
    try {
      tf.engine().endScope();
    } catch (error) {
      answers[name] = { error: String(error.message ?? error) };
    }
  }
  return { backend: tf.getBackend(), answers };
}

main()
  .catch((error) => ({ error: error.stack }))
  .then((found) => postMessage(found));
