"""Decoys: profiles that stand for nobody, so that whoever is shown one has asked for what nobody needs."""
