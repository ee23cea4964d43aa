"""A meeting has consequences: resolutions, tasks, minutes, signatures, and a record that anybody can check."""
