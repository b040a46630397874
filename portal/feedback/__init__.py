"""What citizens tell the agency: complaints about conduct, suggestions, questions, praise."""
