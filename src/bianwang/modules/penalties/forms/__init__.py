"""Forms of penalties: entering, and what each step asks for."""
