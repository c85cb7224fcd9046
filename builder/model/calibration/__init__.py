"""How sure a model may be: temperature, the limit for "sure", and what is foreign to it."""
