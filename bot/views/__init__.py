"""Views: how facts look as cards and forms. They know the domain and the shape of cards, nothing else."""
