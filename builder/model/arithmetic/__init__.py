"""What a network computes at its input, before it looks at neighbouring pixels: its own scaling."""
