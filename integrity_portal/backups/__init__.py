"""A backup of the whole installation in a folder, and the way back into an empty one."""
