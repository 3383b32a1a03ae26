"""Officers of two units who look at one person within some weeks learn of each other, where handling allows."""
