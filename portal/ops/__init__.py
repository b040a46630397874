"""What the operator runs: loading content, checking, backing up."""
