"""A meeting is held: members are present, items are taken up, motions moved, polls held."""
