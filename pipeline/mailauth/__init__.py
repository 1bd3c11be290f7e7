"""Mail authentication: signatures checked offline against keys held in the case, and the clocks of mail hosts."""
