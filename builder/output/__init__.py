"""Writing folders: what may be replaced, and how, so that nothing of anybody else's is lost."""
