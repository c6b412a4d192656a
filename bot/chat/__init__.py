"""Chat: the shape of cards, forms and events, the same for every platform."""
