"""What runs in the browser: TypeScript, and its Reflex wrappers.

What must not be here: anything of `app`, and business rules.
"""
