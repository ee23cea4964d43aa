"""A meeting is prepared: it is scheduled, its agenda written, its papers laid, its notice sent."""
