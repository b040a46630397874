"""Whom to ask and whom to call: units, hotlines, contacts of leaders."""
