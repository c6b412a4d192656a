"""What a person can do and see in the local Slack."""
