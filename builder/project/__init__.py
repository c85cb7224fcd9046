"""A new project: the files that `classifier-pwa init` writes, so that a push deploys a site."""
