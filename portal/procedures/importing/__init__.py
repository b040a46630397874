"""Procedures from files that others keep: national exports, decisions' tables, old lists."""
