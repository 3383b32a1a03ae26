"""Decoys and alarms: profiles that stand for nobody, and who came upon one."""
