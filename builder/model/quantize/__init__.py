"""How the weights of a graph model are stored: plainly, or in integers chosen with care."""
