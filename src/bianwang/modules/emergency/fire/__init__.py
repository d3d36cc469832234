"""A judgement of a forest fire: what is computed (`plan`), computing it (`burning`), the process that does (`process`).

Free of Django, so that the compiled kernel costs memory only while somebody asks.
"""
