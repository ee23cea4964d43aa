"""The world outside: mail today; calendars, registers and document exchange later."""
