"""The words that lead to things: what people typed in vain, and synonyms kept at the desk."""
