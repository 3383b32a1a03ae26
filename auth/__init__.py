"""Who asks: clients prove themselves with their key, officers are named, live state decides."""
