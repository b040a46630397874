"""Addresses outside the portal that its pages lead to: found each night, tried, and reported."""
