"""The Web API by families of methods; ``table`` lists every method with its arguments, scopes and tier."""
