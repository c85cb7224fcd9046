"""The converted graph: its nodes, their names and order, its weights as they are served."""
