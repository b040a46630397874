"""Word files become drafts: read in a process of their own, told plainly what was changed."""
