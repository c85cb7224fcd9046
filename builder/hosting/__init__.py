"""What a static host does with a site, for the preview server."""
