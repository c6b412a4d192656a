"""What `curbside doctor` tries: every dependency, for real."""
