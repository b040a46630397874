"""Letters about newly announced procedures, for people who asked for them and confirmed it."""
