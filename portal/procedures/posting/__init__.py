"""Procedures on paper: sheets, lists, cards with codes, and which of them are out of date."""
