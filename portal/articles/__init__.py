"""Articles of the reform section: written, reviewed by a second person, published by the clock."""
