"""Measurements of the portal; see README.md here for what each figure means."""
