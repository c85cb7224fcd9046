"""What the numbers mean that a network returns, read from the operators that make them."""
