"""What each unit owes the plan: its board, ideas for the next article, and reminders."""
