"""Lays the peers' pages, packages and models out as one site."""

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"

# Package file → name under vendor/. All servers know .js as JavaScript, but not all know .mjs.
_VENDOR = {
    "@tensorflow/tfjs/dist/tf.min.js": "tf.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js": "tf-backend-wasm.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm": "tfjs-backend-wasm.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm": "tfjs-backend-wasm-simd.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm": (
        "tfjs-backend-wasm-threaded-simd.wasm"
    ),
    "@tensorflow-models/mobilenet/dist/mobilenet.min.js": "mobilenet.min.js",
    "onnxruntime-web/dist/ort.wasm.bundle.min.mjs": "ort.wasm.bundle.js",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm": "ort-wasm-simd-threaded.wasm",
    "@litertjs/core/dist/index.js": "litert/index.js",
    "@litertjs/core/wasm": "litert/wasm",
    "@litertjs/wasm-utils/dist/index.js": "litert/wasm-utils.js",
    "@mediapipe/tasks-vision/vision_bundle.mjs": "mediapipe/vision_bundle.js",
    "@mediapipe/tasks-vision/wasm": "mediapipe/wasm",
}
_SCRIPTS = {
    "tfjs": ("tf.min.js", "tf-backend-wasm.min.js"),
    "mobilenet": ("tf.min.js", "tf-backend-wasm.min.js", "mobilenet.min.js"),
}
PEERS = ("tfjs", "mobilenet", "onnx", "litert", "mediapipe")
"""Each is a page at `<peer>/`."""

_PAGE = """<!doctype html>
<html lang="en" data-state="loading" data-offline="ready">
  <head>
    <meta charset="utf-8">
    <title>{peer}</title>
    <link rel="icon" href="data:,">
    <script type="importmap">
      {{"imports": {{"@litertjs/wasm-utils": "../vendor/litert/wasm-utils.js"}}}}
    </script>
    {scripts}
    <script type="module" src="../peers/{peer}.js"></script>
  </head>
  <body>
    <input id="photo-input" type="file">
    <ol id="results"></ol>
  </body>
</html>
"""


def stage(models: Path, folder: Path) -> None:
    """Write a site with every peer's page into `folder`; `models` is what `make_models` wrote."""
    for source, target in _VENDOR.items():
        found = PACKAGES / source
        (folder / "vendor" / target).parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            shutil.copytree(found, folder / "vendor" / target)
        else:
            shutil.copyfile(found, folder / "vendor" / target)
    shutil.copytree(HERE / "peers", folder / "peers")
    shutil.copytree(models, folder / "models")
    for peer in PEERS:
        (folder / peer).mkdir()
        (folder / peer / "index.html").write_text(page(peer), encoding="utf-8")
    (folder / "index.html").write_text("", encoding="utf-8")


def page(peer: str) -> str:
    """Return a peer's page: classic scripts first, one after the other, as its guide has them."""
    scripts = "\n    ".join(
        f'<script src="../vendor/{name}"></script>' for name in _SCRIPTS.get(peer, ())
    )
    return _PAGE.format(peer=peer, scripts=scripts)
