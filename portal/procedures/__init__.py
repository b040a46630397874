"""Administrative procedures: what one must bring, how long it takes, what it costs, where to go."""
