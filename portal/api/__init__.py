"""Open data for other systems: read only, public facts only, described by OpenAPI."""
