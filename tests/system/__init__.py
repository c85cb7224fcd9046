"""What needs packages of the system: other browsers than Chromium, real web servers."""
