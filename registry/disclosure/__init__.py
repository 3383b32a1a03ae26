"""What an actor may do, and which fields of a person an actor may read or search by. Pure."""
