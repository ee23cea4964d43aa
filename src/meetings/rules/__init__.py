"""The rules of meetings as pure functions: standard library only, no clock, no chance, no input or output."""
