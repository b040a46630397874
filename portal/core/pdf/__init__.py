"""PDF made here: real text in our faces, with tags, bookmarks and codes as vectors.

`paper` lays words out on sheets, `document` draws them, `writing` makes the file, `lines`
breaks text and `faces` reads the letters. No browser and no system package takes part.
"""
