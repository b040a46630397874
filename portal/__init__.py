"""Cổng CCHC: the public portal of an agency's administrative reform."""
