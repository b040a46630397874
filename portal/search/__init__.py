"""Search over everything the portal publishes.

The index is a cache of the database, never a source. Rooms above hand over plain documents through
`portal.search.feed`; they ask through `portal.search.service`. This room imports none of them.
"""
