"""Lists of people, passengers or staff, checked against the register many at a time."""
