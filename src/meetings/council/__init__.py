"""Who takes part: bodies, persons, memberships and roles, agencies, accounts and sign-in."""
