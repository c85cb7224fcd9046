"""The command line: one module a verb, its options, and how it prints results."""
