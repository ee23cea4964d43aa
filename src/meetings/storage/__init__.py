"""Where facts rest: tables, the unit of work that alone commits, the journal, the outbox, files."""
