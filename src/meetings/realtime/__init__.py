"""Live screens: who may follow a meeting (admission), what the server hears (server), and the only emitter (relay)."""
