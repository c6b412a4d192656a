"""What Slack accepts inside messages and views: shapes, lengths, counts and places."""
