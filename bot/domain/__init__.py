"""Domain: the rules of cases, opinions, polls and rooms; knows no platform, database or clock."""
