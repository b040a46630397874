"""The house's front: home, site-wide search, feeds, site map, and the desk's first page."""
