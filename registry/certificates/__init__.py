"""Not this person: certificates for people who are mistaken, again and again, for somebody on the register."""
