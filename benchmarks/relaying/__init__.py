"""What relay.py is made of: stub servers for both platforms, the bots that are compared, and the runs."""
