"""Local copies of the platforms to play, test and demonstrate against; they import nothing of ours."""
