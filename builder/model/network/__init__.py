"""The Keras network on its way into a graph: traced, folded, its head found, exported."""
