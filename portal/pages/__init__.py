"""Standing pages that an agency writes as files: about, accessibility, privacy, terms."""
