"""The agency's yearly plan of communication on administrative reform: tasks and their progress."""
