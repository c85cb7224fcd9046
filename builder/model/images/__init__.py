"""Photos as the app sees them: decoded, turned, fitted, scaled; and the photos that models are
tried on."""
