"""What shows, beside articles, that the plan is being done: files, events, outside documents."""
