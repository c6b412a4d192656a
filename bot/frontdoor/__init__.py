"""Front door: accounts become members, events reach their command."""
