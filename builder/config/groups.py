"""The groups in which `build --help` and docs/configuration.md show the settings."""

GROUPS = {
    "Model": (
        *("model", "weights", "alpha", "input_size", "activation", "preprocessing", "fit"),
        *("crop_fraction", "grayscale", "quantize", "cache", "memory_limit", "time_limit"),
    ),
    "Labels and answers": (
        *("labels", "allow", "deny", "top_k", "threshold", "calibration", "sure_accuracy"),
    ),
    "Look": (
        *("title", "short_name", "description", "theme_color", "lang", "base_url"),
        *("screenshots", "templates"),
    ),
    "Offline": ("threads", "keep_previous", "kill_switch"),
    "Checks": ("parity_images", "min_agreement", "max_divergence", "verify"),
    "Output": ("output", "force", "precompress"),
}
"""Fields of `SiteConfig` by the title of their group: each field in one."""
