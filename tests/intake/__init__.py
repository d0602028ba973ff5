"""What hand-ins look like when they arrive, whole and broken."""
